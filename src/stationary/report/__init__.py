"""What a reader opens: pages, the run crate and the kept tables, from tables and figures alone."""

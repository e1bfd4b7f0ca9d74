"""The configuration: typed models are the one source of defaults, schema and refusals."""

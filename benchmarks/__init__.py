"""What the project costs: against peers, job by job over a whole run, and as its sizes grow. Measured, never asserted."""

"""Closed forms and exact finite-size results, each with its source."""

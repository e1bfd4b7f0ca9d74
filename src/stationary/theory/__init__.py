"""Closed forms and published numbers, by name."""

"""Stationary points of neural-network losses: landscapes, optimisers, experiments, figures and verdicts."""

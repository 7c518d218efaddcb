"""Runs whole lives of simulated people against the real session."""

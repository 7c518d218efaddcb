"""Holds real conversations in which nobody sits before the device: simulated lives, and cases that are measured."""

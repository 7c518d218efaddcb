"""Danger in what was said: levels and fixed sentences. Pure."""

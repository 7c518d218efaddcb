"""Readings of wearables and meters: how they come in, whether they can be true, and what they mean to a person."""

"""Readings as they come over the air: bytes to readings, and how a device is kept in touch with."""

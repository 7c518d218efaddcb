"""The day of a device that speaks first: what is due, whom to call again, what wakes it, what it passes on."""

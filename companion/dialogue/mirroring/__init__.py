"""A telling said back as a listener does: what may be said, of whom, by which stem, and how it ends. Pure."""

"""The composition root: the one place that knows which adapter stands behind which port.

Imports adapters lazily, so that a command loads only what it uses.
"""

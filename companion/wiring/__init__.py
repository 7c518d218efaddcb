"""The composition root: the one place that knows which adapter stands behind which port.

One file per thing that is put together. Adapters are imported where they are made, so that a command loads only what
it uses.
"""

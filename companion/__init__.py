"""말벗 (Malbeot): a local Korean voice companion for one older adult at home.

The package root imports nothing, so that importing any room costs only that room.
"""

__version__ = "0.1.0"

"""The same screens in a browser on this device: textual-serve behind a door of its own, since it has none."""

"""Screens, one file each; ``places`` lists those that have a key."""

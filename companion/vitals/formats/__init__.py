"""Families of files: each recognises its own by content and reads it as a stream."""

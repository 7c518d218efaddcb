"""What is worth remembering of what a person says: read, kept apart from what is not theirs, told, forgotten."""

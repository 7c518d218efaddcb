"""The keys of the record: what opens it, where that lies, and how it is changed."""

"""Model files: manifests, sources, verification, where they lie."""

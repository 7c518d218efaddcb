"""Model files: manifests, sources, verification, where they lie.

``load_manifests`` and ``load_profiles`` read what is shipped, a ``Shelf`` finds and checks files, ``pull`` brings them.
"""

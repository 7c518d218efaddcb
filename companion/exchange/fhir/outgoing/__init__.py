"""Writes FHIR R4 (4.0.1) of a dossier: base resources, stable ids, Korean words beside codes, no profile claimed."""

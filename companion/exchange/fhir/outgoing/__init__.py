"""Writes FHIR R4 (4.0.1) of a dossier: stable ids, Korean words beside codes, KR Core where it is met."""

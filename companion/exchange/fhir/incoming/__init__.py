"""Reads FHIR R4 as hospitals export it: bundles, single resources, NDJSON, folders of them; in bounded memory."""

"""FHIR R4 (4.0.1): what hospitals export is read in ``incoming``, what 말벗 hands on is written in ``outgoing``."""

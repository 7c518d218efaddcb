"""Reports on paper: the dossier in the words of ``prompts/reports``, laid out and printed as PDF."""

"""One file per third party behind a port."""

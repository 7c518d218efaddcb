"""One file per command. stdout is data, stderr is narration."""

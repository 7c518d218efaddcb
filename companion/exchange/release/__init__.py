"""Research releases: a policy in, a folder that names nobody out. See docs/release.md and decision record 0025."""

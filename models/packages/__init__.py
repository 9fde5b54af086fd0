"""Release packages: what a release contains, what changed since the last one, and whether it fits together."""

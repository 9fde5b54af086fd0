"""Release packages (docs/process.md#packages)."""

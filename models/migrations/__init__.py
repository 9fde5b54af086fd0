"""The schema's migrations; ``versions/`` has them, numbered in their order."""

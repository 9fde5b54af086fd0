"""Applying, editing and exporting the catalog."""

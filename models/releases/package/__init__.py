"""Editing what a release contains."""

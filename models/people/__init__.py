"""The people and user groups of the workspace."""

"""The rules of release policy, one a file; each a pure function."""

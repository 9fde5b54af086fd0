"""The criteria of a release: the copy it keeps, and what may be said of them when."""

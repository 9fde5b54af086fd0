"""The criteria of a release: the copy it keeps, what may be said of them, and settling them."""

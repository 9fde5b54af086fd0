"""Known errors and incidents."""

"""Known errors and incidents, and what connects them."""

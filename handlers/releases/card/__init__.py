"""Looking at releases."""

"""The card, details, history and lists."""

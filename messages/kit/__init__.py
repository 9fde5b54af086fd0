"""Blocks, rich text, charts and words that every topic uses."""

"""The key performance indicators, and the digests that carry them."""

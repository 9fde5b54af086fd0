"""Whether production may be touched, and what stands in the way."""

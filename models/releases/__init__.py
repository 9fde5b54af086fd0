"""Releases: requesting, deciding, planning, chasing and deploying them."""

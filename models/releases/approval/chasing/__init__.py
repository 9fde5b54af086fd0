"""Reminding, escalating and expiring what waits for approval."""

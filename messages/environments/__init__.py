"""Environments and their bookings."""

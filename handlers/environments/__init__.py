"""Bookings and contents of environments."""

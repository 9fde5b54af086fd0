"""Requesting, editing and cancelling a release."""

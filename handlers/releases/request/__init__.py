"""Requesting and editing a release."""

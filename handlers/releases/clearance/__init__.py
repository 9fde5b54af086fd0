"""Asking for clearance, overriding, breaking the glass to deploy."""

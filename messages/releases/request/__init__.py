"""The form of a request."""

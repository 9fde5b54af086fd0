"""The demo: the local workspace with Release Desk in it, some weeks of history, and releases in every state."""

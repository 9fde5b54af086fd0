"""The demo: Release Desk in the local workspace, with weeks of history and releases in every state."""

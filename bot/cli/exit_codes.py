"""The exit codes of ``releasedesk``."""

FAILED = 1
"""The command could not do its work."""

MISUSED = 2
"""Wrong settings, arguments or files."""

INTERRUPTED = 130
"""Ctrl-C; shells use the same."""

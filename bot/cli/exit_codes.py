"""The exit codes of ``releasedesk``."""

FAILED = 1
"""The command could not do its work."""

MISUSED = 2
"""Wrong settings, arguments or files."""

ALLOWED, AWAITING, PREVENTED, INVALID, NOT_REACHED = 0, 10, 11, 12, 13
"""The answers of ``releasedesk gate``. Pipelines act on them, so they stay."""

INTERRUPTED = 130
"""Ctrl-C; shells use the same."""

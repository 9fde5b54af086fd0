"""What the exit codes of ``releasedesk`` mean."""

FAILED = 1
"""The exit code of a command that could not do its work."""

MISUSED = 2
"""The exit code for wrong settings, arguments or files."""

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells count it."""

"""The ``releasedesk`` command."""

"""Outbox keys of the notices about a window."""


def window_key(release_id: int | None, count: int) -> str:
    """The ``count``-th notice of a release about a missed, overrun or extended window."""
    return f"window:{release_id}:{count}"

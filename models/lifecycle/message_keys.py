"""Outbox keys of a release's messages, and the posts for its card and its thread."""

from collections.abc import Iterable
from typing import Any

from models.events import Event
from models.outbox import Post


def card_key(release_id: int) -> str:
    return f"card:{release_id}"


def card_post(release_id: int, channel: str = "") -> Post:
    """Without ``channel`` it goes to the service's channel."""
    return Post(
        key=card_key(release_id),
        message="release_card",
        subject=str(release_id),
        release_id=release_id,
        recipient=channel,
    )


def refresh_card(event: Event) -> Iterable[Post]:
    if event.release_id is not None:
        yield card_post(event.release_id, getattr(event, "channel", ""))


def thread_post(message: str, key: str, event: Event, **more: Any) -> Post:
    return Post(
        key=key,
        message=message,
        subject=str(event.subject),
        release_id=event.release_id,
        recipient=getattr(event, "channel", ""),
        in_thread=True,
        facts={**event.facts(), "grounds": event.grounds, **more},
    )


def task_key(task_id: int | str, count: int) -> str:
    """The key of the ``count``-th reminder about a task."""
    return f"task:{task_id}:{count}"


def reminder_count(key: str) -> int:
    """The count in a key that :func:`task_key` made."""
    return int(key.rpartition(":")[2])

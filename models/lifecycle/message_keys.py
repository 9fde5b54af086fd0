"""Outbox keys of a release's messages, and the posts for its card and its thread."""

from collections.abc import Iterable
from typing import Any

from models.events import Event
from models.lifecycle.events import ReleaseEvent
from models.outbox import Post, Rule


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


def outcome(kind: str) -> Rule:
    """The outcome in the release's thread, once for the release."""

    def rule(event: ReleaseEvent) -> Iterable[Post]:
        yield thread_post("release_outcome", f"outcome:{kind}:{event.release_id}", event, outcome=kind)

    return rule


def outcome_of_round(kind: str) -> Rule:
    """The outcome in the release's thread, once a round."""

    def rule(event: Any) -> Iterable[Post]:
        key = f"outcome:{kind}:{event.release_id}:{event.round}"
        yield thread_post("release_outcome", key, event, outcome=kind)

    return rule


def window_key(release_id: int | None, count: int) -> str:
    """The ``count``-th notice of a release about a missed, overrun or extended window."""
    return f"window:{release_id}:{count}"


def task_key(task_id: int | str, count: int) -> str:
    """The key of the ``count``-th reminder about a task."""
    return f"task:{task_id}:{count}"


def reminder_count(key: str) -> int:
    """The count in a key that :func:`task_key` made."""
    return int(key.rpartition(":")[2])

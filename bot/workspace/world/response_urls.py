"""Response URLs: five answers in thirty minutes, where a person acted."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.workspace.world.app_content import checked_blocks, post_app_message
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Json, Message
from bot.workspace.world.store import Store

LIFETIME = timedelta(minutes=30)

MOST_USES = 5

_REMEMBERED = 10_000


@dataclass
class _ResponseUrl:
    channel: str
    user: str
    original: Message | None
    thread_ts: str | None
    given: datetime
    uses: int = 0


class ResponseUrls:
    """Hands out response URLs and carries out the app's answers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._given: dict[str, _ResponseUrl] = {}

    def give(self, channel: str, user: str, original: Message | None = None, thread_ts: str | None = None) -> str:
        """For what ``user`` just did in ``channel``; ``original`` is the message they did it in."""
        key = secrets.token_hex(16)
        if len(self._given) >= _REMEMBERED:
            del self._given[next(iter(self._given))]
        self._given[key] = _ResponseUrl(channel, user, original, thread_ts, self._store.clock.now())
        return f"{self._store.base_url}/response/{key}"

    def answer(self, key: str, body: Json) -> None:
        """Raises CallRefused for a URL that is unknown, 30 minutes old or used five times, and as posting does."""
        place = self._given.get(key)
        if place is None:
            raise CallRefused("invalid_url")
        if self._store.clock.now() - place.given > LIFETIME:
            raise CallRefused("expired_url")
        if place.uses >= MOST_USES:
            raise CallRefused("used_url")
        respond(self._store, body, place.channel, place.user, place.original, place.thread_ts)
        place.uses += 1


def respond(
    store: Store, body: Json, channel: str, user: str, original: Message | None = None, thread_ts: str | None = None
) -> Message | None:
    """Carry out the app's answer to something that ``user`` did; returns the message that was posted or replaced.

    Raises CallRefused as posting does.
    """
    if body.get("delete_original"):
        if original is not None:
            store.delete(original)
        return None
    text, blocks = str(body.get("text") or ""), checked_blocks(store, body.get("blocks"))
    if body.get("replace_original") and original is not None:
        return _replace(store, original, text, blocks)
    fields: dict[str, Any] = {"thread_ts": body.get("thread_ts") or thread_ts}
    if body.get("response_type") != "in_channel":
        fields["ephemeral_to"] = user
    return post_app_message(store, channel, text, blocks, **fields)


def _replace(store: Store, original: Message, text: str, blocks: list[Json]) -> Message:
    if not text and not blocks:
        raise CallRefused("no_text")
    original.text, original.blocks = text, blocks
    if original.ephemeral_to is None:
        original.edited = {"user": store.app.bot_user, "ts": store.next_ts()}
    store.tell_message(original)
    return original

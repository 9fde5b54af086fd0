"""Recognises a message of our own after a call whose end nobody knows.

Slack's ``chat.postMessage`` has no idempotency key, so each message carries its outbox key as metadata. After a
timeout, a server error or a crash between sending and writing down, the channel is read from the time of the first
try on; only then is it posted again. History is read for nothing else (SLACK, *Rates*).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from models.outbox import Outgoing
from scheduler.destinations import Address

METADATA_TYPE = "release_desk_message"

SKEW = timedelta(minutes=2)
"""By how much Slack's clock may be behind ours."""

PAGES = 5
"""Pages of 100 messages that are looked through."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the message stands."""

    channel: str
    ts: str


async def find_own(client: AsyncWebClient, row: Outgoing, address: Address, tried_at: datetime) -> Found | None:
    """The message of ``row`` if an earlier try did post it.

    None when it is not there, or when the workspace does not let us look (no history scope): then it is posted
    again, since a message twice is better than none. A passing error is raised, so that the look is repeated.
    """
    channel = address.channel
    if channel.startswith(("U", "W")):
        channel = (await client.conversations_open(users=channel))["channel"]["id"]
    oldest = str((tried_at - SKEW).timestamp())
    cursor: str | None = None
    for _ in range(PAGES):
        page = await _page(client, channel, address.thread_ts, oldest, cursor)
        if page is None:
            return None
        for message in page.get("messages") or ():
            if _key(message) == row.key:
                return Found(channel, message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return None
    return None


async def _page(
    client: AsyncWebClient, channel: str, thread_ts: str | None, oldest: str, cursor: str | None
) -> Any:
    common: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": 100, "include_all_metadata": True}
    if cursor:
        common["cursor"] = cursor
    try:
        if thread_ts:
            return await client.conversations_replies(ts=thread_ts, **common)
        return await client.conversations_history(**common)
    except SlackApiError as error:
        status = getattr(error.response, "status_code", 200)
        if status == 429 or status >= 500:
            raise
        return None


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA_TYPE:
        return None
    return (metadata.get("event_payload") or {}).get("key")

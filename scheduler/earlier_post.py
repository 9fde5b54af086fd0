"""Finds a message that an earlier try may have posted, after a call whose outcome is unknown.

``chat.postMessage`` has no idempotency key, so each message carries its outbox key as metadata. After a timeout, a
server error, or a crash between sending and writing down, the channel's history from the first try on is searched
for that key before the message is posted again. Nothing else reads history (docs/slack-facts.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from models.outbox import Outgoing
from scheduler.destinations import Destination

METADATA_TYPE = "release_desk_message"

SKEW = timedelta(minutes=2)
"""By how much Slack's clock may be behind ours."""

PAGES = 5
"""Pages of 100 messages to search."""


@dataclass(frozen=True, slots=True)
class EarlierPost:
    """Where the message is."""

    channel: str
    ts: str


async def find_earlier_post(
    client: AsyncWebClient, row: Outgoing, destination: Destination, tried_at: datetime
) -> EarlierPost | None:
    """The message of ``row``, if a try since ``tried_at`` posted it.

    None also when the app may not read history: it is posted again, for a message twice is better than none. Raises
    SlackApiError when Slack limits the rate or fails, so that the search is repeated.
    """
    channel = destination.channel
    if channel.startswith(("U", "W")):
        channel = (await client.conversations_open(users=channel))["channel"]["id"]
    oldest = str((tried_at - SKEW).timestamp())
    cursor: str | None = None
    for _ in range(PAGES):
        page = await _page(client, channel, destination.thread_ts, oldest, cursor)
        if page is None:
            return None
        for message in page.get("messages") or ():
            if _key(message) == row.key:
                return EarlierPost(channel, message["ts"])
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

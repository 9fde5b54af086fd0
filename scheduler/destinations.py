"""Where a message goes: its place in Slack if it has one, the thread of its release, a channel, or a person."""

from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from models import outbox
from models.catalog.document import Catalog
from models.lifecycle.message_keys import card_key
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing

POST, UPDATE, PUBLISH = "chat.postMessage", "chat.update", "views.publish"
"""The methods of Slack that show a message."""


@dataclass(frozen=True, slots=True)
class Destination:
    """The method to call and where: ``ts`` is the message to update, ``thread_ts`` the thread to post in."""

    method: str
    channel: str
    ts: str | None = None
    thread_ts: str | None = None

    def to_update(self, channel: str, ts: str) -> "Destination":
        """The same message once its place ``ts`` is known."""
        return replace(self, method=UPDATE, channel=channel, ts=ts, thread_ts=None)


async def destination_of(
    session: AsyncSession, catalog: Catalog, row: Outgoing, *, is_home: bool
) -> Destination | None:
    """Where ``row`` goes; None while the card whose thread it belongs to has not been posted."""
    if is_home:
        return Destination(PUBLISH, row.recipient)
    if row.ts and row.channel:
        return Destination(UPDATE, row.channel, ts=row.ts)
    if row.in_thread and row.release_id is not None:
        card = await outbox.message_by_key(session, card_key(row.release_id))
        if card is None or card.ts is None or card.channel is None:
            return None
        return Destination(POST, card.channel, thread_ts=card.ts)
    if row.recipient:
        return Destination(POST, row.recipient)
    channel = await _service_channel(session, catalog, row.release_id)
    return Destination(POST, channel) if channel else None


async def _service_channel(session: AsyncSession, catalog: Catalog, release_id: int | None) -> str | None:
    release = await session.get(Release, release_id) if release_id is not None else None
    service = catalog.by_key.get(release.service) if release else None
    return service.channel if service else None

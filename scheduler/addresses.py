"""Where a message goes: the place it stands in already, the thread of its release, or a channel or person."""

from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from models import outbox
from models.catalog.document import Catalog
from models.lifecycle.message_keys import card_key
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing


@dataclass(frozen=True, slots=True)
class Address:
    """The method to call and where: ``ts`` names the message to update, ``thread_ts`` the thread to post in."""

    method: str
    channel: str
    ts: str | None = None
    thread_ts: str | None = None
    view: bool = False

    def to_update(self, channel: str, ts: str) -> "Address":
        """The same message, now that it is known to stand at ``ts``."""
        return replace(self, method="chat.update", channel=channel, ts=ts, thread_ts=None)


async def address_of(session: AsyncSession, catalog: Catalog, row: Outgoing, *, view: bool) -> Address | None:
    """Where ``row`` goes; None while the card whose thread it belongs to has not been posted."""
    if view:
        return Address("views.publish", row.recipient, view=True)
    if row.ts and row.channel:
        return Address("chat.update", row.channel, ts=row.ts)
    if row.in_thread and row.release_id is not None:
        card = await outbox.message_by_key(session, card_key(row.release_id))
        if card is None or card.ts is None or card.channel is None:
            return None
        return Address("chat.postMessage", card.channel, thread_ts=card.ts)
    if row.recipient:
        return Address("chat.postMessage", row.recipient)
    channel = await _service_channel(session, catalog, row.release_id)
    return Address("chat.postMessage", channel) if channel else None


async def _service_channel(session: AsyncSession, catalog: Catalog, release_id: int | None) -> str | None:
    release = await session.get(Release, release_id) if release_id is not None else None
    service = catalog.by_key.get(release.service) if release else None
    return service.channel if service else None

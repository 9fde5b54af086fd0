from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.environments.allocation import held_use, uses_of
from models.environments.queries import booking_record, bookings_by_id
from models.environments.records import BookingNews, OfferRecord, ReminderRecord, RequestRecord
from models.environments.statuses import BOOKED, WAITING
from models.environments.tables import Booking
from models.environments.time_slots import overlapping
from models.outbox import Outgoing
from models.people.directory import names


async def booking_request(
    session: AsyncSession, catalog: Catalog, row: Outgoing, now: datetime
) -> RequestRecord | None:
    """None when the request was settled before anybody was told."""
    found = await booking_record(session, catalog, int(row.subject), now)
    if found.status != WAITING and row.ts is None:
        return None
    uses = await uses_of(session, found.environment, now, without=found.id)
    way = overlapping(uses, max(found.start_at, now), found.end_at)
    return RequestRecord(found, tuple(await bookings_by_id(session, catalog, [one.id for one in way], now)))


async def booking_offer(
    session: AsyncSession, catalog: Catalog, row: Outgoing, now: datetime
) -> OfferRecord | None:
    """None when the offer was settled before the requester was told."""
    count = int(row.facts["count"])
    found = await session.get(Booking, int(row.subject))
    stands = found is not None and found.offers == count and held_use(found, now) is not None
    if not stands and row.ts is None:
        return None
    return OfferRecord(await booking_record(session, catalog, int(row.subject), now), count, stands)


async def booking_reminder(
    session: AsyncSession, catalog: Catalog, row: Outgoing, now: datetime
) -> ReminderRecord | None:
    """None when the booking was over before its holder was told."""
    found = await session.get(Booking, int(row.subject))
    running = bool(found and found.status == BOOKED and found.end_at > now)
    if not running and row.ts is None:
        return None
    newest = bool(found and found.reminded == row.facts["count"] and found.remind_at is None)
    booking = await booking_record(session, catalog, int(row.subject), now)
    return ReminderRecord(booking, running and newest, running)


async def booking_news(session: AsyncSession, catalog: Catalog, row: Outgoing, now: datetime) -> BookingNews:
    """Shows the facts as they were when it happened."""
    facts: Mapping[str, Any] = row.facts
    person = str(facts["person"])
    return BookingNews(
        kind=str(facts["news"]),
        booking=await booking_record(session, catalog, int(row.subject), now),
        person_name=(await names(session, [person])).get(person, "" if person == "system" else person),
        start=datetime.fromisoformat(facts["start"]),
        end=datetime.fromisoformat(facts["end"]),
        was=datetime.fromisoformat(facts["was"]) if facts.get("was") else None,
        in_turn=bool(facts.get("in_turn")),
        reason=str(facts.get("grounds") or ""),
    )

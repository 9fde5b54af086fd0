"""What time does to bookings and offers: remind, end, serve waiting requests. Each happens once, however late."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.environments.allocation import (
    booking_event_facts,
    capacity_of,
    drop_offer,
    lock_environment,
    own_time,
    serve_waiting,
    uses_of,
    waiting_for,
)
from models.environments.events import BookingExpired, EndReminded, OfferLapsed, RequestLapsed
from models.environments.statuses import BOOKED, ENDED, LAPSED, OFFER_LAPSED, WAITING
from models.environments.tables import Booking
from models.environments.time_slots import first_served
from models.unit_of_work import Transaction


async def environments_due(session: AsyncSession, catalog: Catalog, now: datetime) -> list[str]:
    """The environments where a reminder, an end or a place for a waiting request is due."""
    due = or_(
        and_(col(Booking.status) == BOOKED, col(Booking.end_at) <= now),
        and_(col(Booking.status) == WAITING, col(Booking.end_at) <= now, col(Booking.held_until).is_(None)),
        and_(col(Booking.status) == WAITING, col(Booking.held_until) <= now),
        and_(col(Booking.status) == BOOKED, col(Booking.remind_at) <= now),
    )
    environments = set((await session.exec(select(Booking.environment).where(due).distinct())).all())
    waited_for = select(Booking.environment).where(col(Booking.status) == WAITING).distinct()
    for key in set((await session.exec(waited_for)).all()) - environments:
        waiting = [own_time(one) for one in await waiting_for(session, key)]
        if first_served(waiting, await uses_of(session, key, now), capacity_of(catalog, key), now):
            environments.add(key)
    return sorted(environments)


async def settle_due_bookings(tx: Transaction, catalog: Catalog, key: str) -> None:
    """End, serve and remind in one environment, under its lock, because several processes may run."""
    await lock_environment(tx, key)
    name = catalog.environment_name(key)
    for booking in await _due(tx.session, key, BOOKED, Booking.end_at, tx.now):
        booking.status, booking.ended_at, booking.remind_at = ENDED, booking.end_at, None
        tx.record(BookingExpired(**booking_event_facts(tx, booking, name)))
    for booking in await _due(tx.session, key, WAITING, Booking.held_until, tx.now):
        drop_offer(booking, OFFER_LAPSED)
        tx.record(OfferLapsed(**booking_event_facts(tx, booking, name)))
    await tx.session.flush()
    for booking in await _due(tx.session, key, WAITING, Booking.end_at, tx.now):
        if booking.held_until is not None:
            continue  # its own time has passed, but an offered one is held for it
        booking.status, booking.ended_at = LAPSED, booking.end_at
        tx.record(RequestLapsed(**booking_event_facts(tx, booking, name)))
    await tx.session.flush()
    await serve_waiting(tx, catalog, key)
    await tx.session.flush()
    for booking in await _due(tx.session, key, BOOKED, Booking.remind_at, tx.now):
        booking.remind_at = None
        booking.reminded += 1
        tx.record(EndReminded(**booking_event_facts(tx, booking, name)))


async def next_due_moment(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, the next booking or offer ends or the next reminder is due."""
    ends = select(func.min(Booking.end_at)).where(
        col(Booking.status).in_((BOOKED, WAITING)), col(Booking.end_at) > now
    )
    reminders = select(func.min(Booking.remind_at)).where(
        col(Booking.status) == BOOKED, col(Booking.remind_at) > now
    )
    offers = select(func.min(Booking.held_until)).where(
        col(Booking.status) == WAITING, col(Booking.held_until) > now
    )
    moments = [(await session.exec(query)).one() for query in (ends, reminders, offers)]
    return min((moment for moment in moments if moment), default=None)


async def _due(
    session: AsyncSession, key: str, status: str, moment: datetime | None, now: datetime
) -> Sequence[Booking]:
    query = select(Booking).where(Booking.environment == key, Booking.status == status, col(moment) <= now)
    return (await session.exec(query.order_by(col(moment), col(Booking.id)))).all()

"""What every change of a booking shares: the environment's lock, its uses, and the waiting list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.environments.events import BookingGranted
from models.environments.statuses import BOOKED, OFFER_WITHDRAWN, WAITING
from models.environments.tables import Booking, EnvironmentTurn
from models.environments.time_slots import Use, first_served, held_time, remind_at
from models.errors import NotFound
from models.storage.database import insert_into
from models.unit_of_work import Snapshot, Transaction


@dataclass(frozen=True, slots=True)
class LoadedBooking:
    booking: Booking
    catalog: Catalog

    @property
    def name(self) -> str:
        """The environment's."""
        return self.catalog.environment_name(self.booking.environment)

    @property
    def capacity(self) -> int:
        """The environment's."""
        return capacity_of(self.catalog, self.booking.environment)


def capacity_of(catalog: Catalog, key: str) -> int:
    """Bookings that fit in at a time; none once the catalog has dropped the environment or made it production."""
    environment = catalog.environment(key)
    return environment.capacity if environment and environment.bookable else 0


async def lock_environment(snapshot: Snapshot, key: str) -> None:
    """Nobody else changes the bookings of this environment until the transaction ends; reading locks nothing.

    The first caller makes the row. Reads after this see what the last holder of the lock left.
    """
    if not snapshot.locks:
        return
    query = select(EnvironmentTurn).where(EnvironmentTurn.environment == key).with_for_update()
    if (await snapshot.session.exec(query)).first() is None:
        dialect = (await snapshot.session.connection()).dialect.name
        turn = insert_into(EnvironmentTurn, dialect).values(environment=key)
        await snapshot.session.exec(turn.on_conflict_do_nothing())
        (await snapshot.session.exec(query)).one()


async def load_booking(snapshot: Snapshot, booking_id: int) -> LoadedBooking:
    """In a transaction its environment is locked. Raises :class:`~models.errors.NotFound`."""
    query = select(Booking.environment).where(Booking.id == booking_id)
    key = (await snapshot.session.exec(query)).first()
    if key is None:
        raise NotFound("This booking is not in the database any more.")
    await lock_environment(snapshot, key)
    booking = (await snapshot.session.exec(select(Booking).where(Booking.id == booking_id))).one()
    return LoadedBooking(booking, await snapshot.catalog())


async def uses_of(session: AsyncSession, key: str, now: datetime, without: int | None = None) -> list[Use]:
    """Bookings and held times, now or later, except for the booking ``without``."""
    query = select(Booking).where(Booking.environment == key, or_(where_booked(now), where_held(now)))
    return [use_of(one, now) for one in (await session.exec(query)).all() if one.id != without]


def where_booked(now: datetime) -> ColumnElement[bool]:
    """Condition: has a place now or later."""
    return and_(col(Booking.status) == BOOKED, col(Booking.end_at) > now)


def where_held(now: datetime) -> ColumnElement[bool]:
    """Condition: an offered time is held for it, as :func:`held_use` says."""
    return and_(col(Booking.status) == WAITING, col(Booking.held_until) > now, col(Booking.proposed_end) > now)


async def waiting_for(session: AsyncSession, key: str) -> list[Booking]:
    """The oldest request first."""
    query = select(Booking).where(Booking.environment == key, Booking.status == WAITING)
    return list((await session.exec(query.order_by(col(Booking.requested_at), col(Booking.id)))).all())


def own_time(booking: Booking) -> Use:
    return Use(booking.id, booking.start_at, booking.end_at)


def held_use(booking: Booking, now: datetime) -> Use | None:
    """The time that is held for a request, as :func:`where_held` says."""
    span = held_time(booking.status, booking.proposed_start, booking.proposed_end, booking.held_until, now)
    return Use(booking.id, *span) if span else None


def use_of(booking: Booking, now: datetime) -> Use:
    """The time that ``booking`` takes: the one held for it, or else its own."""
    return held_use(booking, now) or own_time(booking)


def drop_offer(booking: Booking, outcome: str) -> None:
    """Stop holding a time for ``booking``; ``outcome`` is one of :mod:`models.environments.statuses`."""
    if booking.proposed_start:
        booking.proposed_start = booking.proposed_end = booking.held_until = None
        booking.offer_outcome = outcome


def give_place(booking: Booking, start: datetime, end: datetime) -> None:
    booking.status = BOOKED
    booking.start_at, booking.end_at = start, end
    drop_offer(booking, OFFER_WITHDRAWN)
    booking.remind_at = remind_at(start, end)


def booking_event_facts(tx: Transaction, booking: Booking, name: str) -> dict[str, Any]:
    """The fields that all events of a booking share."""
    return {
        "subject": booking.id,
        "release_id": booking.release_id,
        "environment": booking.environment,
        "name": name,
        "holder": booking.holder,
        "person": tx.actor.person,
        "start": booking.start_at.isoformat(),
        "end": booking.end_at.isoformat(),
        "asked": tuple(booking.asked),
        "offers": booking.offers,
        "reminded": booking.reminded,
    }


async def serve_waiting(tx: Transaction, catalog: Catalog, key: str) -> None:
    """Give free places to waiting requests, the oldest first (docs/process.md#bookings)."""
    waiting = {one.id: one for one in await waiting_for(tx.session, key)}
    if not waiting:
        return
    uses = await uses_of(tx.session, key, tx.now)
    served = first_served([own_time(one) for one in waiting.values()], uses, capacity_of(catalog, key), tx.now)
    for turn in served:
        booking = waiting[turn.id]
        give_place(booking, turn.start, turn.end)
        tx.record(BookingGranted(**booking_event_facts(tx, booking, catalog.environment_name(key)), in_turn=True))

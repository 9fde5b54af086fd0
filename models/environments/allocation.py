"""What every change of a booking shares: its environment's lock, who holds what, and the waiting list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.environments.events import BookingGranted
from models.environments.lookup import environment_name, environments_by_key
from models.environments.statuses import BOOKED, OFFER_WITHDRAWN, WAITING
from models.environments.tables import Booking, EnvironmentTurn
from models.environments.time_slots import Use, first_served, remind_at
from models.errors import NotFound
from models.storage.database import insert_into
from models.unit_of_work import Snapshot, Transaction


@dataclass(frozen=True, slots=True)
class LoadedBooking:
    """A booking and the catalog."""

    booking: Booking
    catalog: Catalog

    @property
    def name(self) -> str:
        """What people call the environment."""
        return environment_name(self.catalog, self.booking.environment)

    @property
    def capacity(self) -> int:
        """How many fit in at a time."""
        return capacity_of(self.catalog, self.booking.environment)


def capacity_of(catalog: Catalog, key: str) -> int:
    """How many fit in at a time: nobody any more where the catalog dropped it or made it production."""
    environment = environments_by_key(catalog, key)
    return environment.capacity if environment and not environment.production else 0


async def lock_environment(snapshot: Snapshot, key: str) -> None:
    """Have nobody else change the bookings of this environment until the transaction ends; looking locks nothing.

    The row is made by whoever comes first. What is read afterwards is what the last holder of the lock left.
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
    """The booking with this id; a transaction locks its environment. Raises :class:`~models.errors.NotFound`."""
    query = select(Booking.environment).where(Booking.id == booking_id)
    key = (await snapshot.session.exec(query)).first()
    if key is None:
        raise NotFound("This booking is not in the database any more.")
    await lock_environment(snapshot, key)
    booking = (await snapshot.session.exec(select(Booking).where(Booking.id == booking_id))).one()
    return LoadedBooking(booking, await snapshot.catalog())


async def uses_of(session: AsyncSession, key: str, now: datetime, without: int | None = None) -> list[Use]:
    """Who has a place in the environment now or later, booked or held for them, but for the booking ``without``."""
    query = select(Booking).where(Booking.environment == key, or_(booked(now), held(now)))
    return [use_or_hold(one) for one in (await session.exec(query)).all() if one.id != without]


def booked(now: datetime) -> ColumnElement[bool]:
    """The bookings that have a place now or later."""
    return and_(col(Booking.status) == BOOKED, col(Booking.end_at) > now)


def held(now: datetime) -> ColumnElement[bool]:
    """The requests for which an offered time is held."""
    return and_(col(Booking.status) == WAITING, col(Booking.held_until) > now, col(Booking.proposed_end) > now)


async def waiting_for(session: AsyncSession, key: str) -> list[Booking]:
    """Who waits for the environment, the oldest request first."""
    query = select(Booking).where(Booking.environment == key, Booking.status == WAITING)
    return list((await session.exec(query.order_by(col(Booking.requested_at), col(Booking.id)))).all())


def use(booking: Booking) -> Use:
    """``booking`` as far as the rules care."""
    return Use(booking.id, booking.start_at, booking.end_at)


def use_or_hold(booking: Booking) -> Use:
    """The time that ``booking`` takes: its own, or what is held for it while it waits."""
    if booking.status == WAITING and booking.proposed_start and booking.proposed_end:
        return Use(booking.id, booking.proposed_start, booking.proposed_end)
    return use(booking)


def drop_offer(booking: Booking, outcome: str) -> None:
    """Hold nothing for ``booking`` any more, if anything is held; ``outcome`` is what became of the offer."""
    if booking.proposed_start:
        booking.proposed_start = booking.proposed_end = booking.held_until = None
        booking.offer_outcome = outcome


def give_place(booking: Booking, start: datetime, end: datetime) -> None:
    """Make it a booking from ``start`` to ``end``; its holder is reminded of the end in time."""
    booking.status = BOOKED
    booking.start_at, booking.end_at = start, end
    drop_offer(booking, OFFER_WITHDRAWN)
    booking.remind_at = remind_at(start, end)


def booking_event_facts(tx: Transaction, booking: Booking, name: str) -> dict[str, Any]:
    """What every event of a booking says."""
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
    """Give the places that are free to those who wait, the oldest request first; each is told."""
    waiting = {one.id: one for one in await waiting_for(tx.session, key)}
    if not waiting:
        return
    uses = await uses_of(tx.session, key, tx.now)
    served = first_served([use(one) for one in waiting.values()], uses, capacity_of(catalog, key), tx.now)
    for turn in served:
        booking = waiting[turn.id]
        give_place(booking, turn.start, turn.end)
        tx.record(BookingGranted(**booking_event_facts(tx, booking, environment_name(catalog, key)), in_turn=True))

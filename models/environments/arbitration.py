"""Arbitrating who uses an environment: grant or refuse (DOMAIN.md, *environment manager*)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models.environments.allocation import (
    LoadedBooking,
    booking_event_facts,
    drop_offer,
    give_place,
    load_booking,
    serve_waiting,
    uses_of,
)
from models.environments.events import (
    BookingCancelled,
    BookingGranted,
    BookingRefused,
    BookingShortened,
    OfferWithdrawn,
)
from models.environments.forms import text_or_missing
from models.environments.lookup import check_manages
from models.environments.statuses import BOOKED, CANCELLED, ENDED, OFFER_WITHDRAWN, REFUSED, WAITING
from models.environments.tables import Booking
from models.environments.time_slots import Use, fits, give_way, overlapping, remind_at, shortened_to
from models.errors import Invalid, Refused
from models.events import Actor
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Options:
    """What a manager may choose from.

    ``in_the_way`` are the bookings, and requests for which a time is held, that have some of the time; ``must_go``
    those of them who would have to give way. Nobody has to when a place is free.
    """

    in_the_way: tuple[int, ...]
    must_go: tuple[int, ...]


async def options(work: UnitOfWork, actor: Actor, booking_id: int) -> Options:
    """What ``actor`` may decide about a request that waits.

    Raises :class:`~models.errors.Refused` when they do not manage the environment or it is settled already.
    """
    async with work.reading(actor) as snapshot:
        found = await _load_to_give(snapshot, booking_id)
        booking = found.booking
        uses = await uses_of(snapshot.session, booking.environment, snapshot.now, without=booking_id)
        start = max(booking.start_at, snapshot.now)
        leaving = give_way(uses, start, booking.end_at, found.capacity)
        way = [one.id for one in overlapping(uses, start, booking.end_at)]
        return Options(tuple(way), tuple(one.id for one in leaving))


async def check_may_arbitrate(work: UnitOfWork, actor: Actor, booking_id: int) -> None:
    """Whether ``actor`` may refuse a request. Raises :class:`~models.errors.Refused` as :func:`options` does."""
    async with work.reading(actor) as snapshot:
        await load_to_decide(snapshot, booking_id)


async def grant_request(work: UnitOfWork, actor: Actor, booking_id: int, giving_way: Collection[int] = ()) -> None:
    """Give the request its place; the bookings ``giving_way`` are shortened to its start or cancelled, and told.

    A request among them loses the time that is held for it, and goes on waiting.

    Raises :class:`~models.errors.Invalid` under ``giving_way`` when there is still no place without others, and
    :class:`~models.errors.Refused` as :func:`options` does.
    """
    async with work(actor) as tx:
        if await _decided_so(tx, booking_id, BOOKED):
            return
        found = await _load_to_give(tx, booking_id)
        booking = found.booking
        start = max(booking.start_at, tx.now)
        uses = await uses_of(tx.session, booking.environment, tx.now, without=booking_id)
        leaving = [one for one in overlapping(uses, start, booking.end_at) if one.id in giving_way]
        if not fits([one for one in uses if one not in leaving], start, booking.end_at, found.capacity):
            raise Invalid({"giving_way": "There is still no place then. Choose more bookings that give way."})
        for one in leaving:
            await _displace(tx, found, one, start)
        give_place(booking, start, booking.end_at)
        booking.decided_by = actor.person
        tx.record(BookingGranted(**booking_event_facts(tx, booking, found.name), in_turn=False))
        await tx.session.flush()
        await serve_waiting(tx, found.catalog, booking.environment)


async def refuse_request(work: UnitOfWork, actor: Actor, booking_id: int, reason: str) -> None:
    """Refuse the request with a reason, which the requester reads.

    Raises :class:`~models.errors.Invalid` without one, and :class:`~models.errors.Refused` as :func:`options` does.
    """
    given = text_or_missing(reason, "Say why; whoever asked reads it.")
    async with work(actor) as tx:
        if await _decided_so(tx, booking_id, REFUSED):
            return
        found = await load_to_decide(tx, booking_id)
        booking = found.booking
        booking.status, booking.reason = REFUSED, given
        booking.decided_by, booking.ended_at = actor.person, tx.now
        drop_offer(booking, OFFER_WITHDRAWN)
        tx.record(BookingRefused(**booking_event_facts(tx, booking, found.name), grounds=given))
        await tx.session.flush()
        await serve_waiting(tx, found.catalog, booking.environment)


async def load_to_decide(snapshot: Snapshot, booking_id: int) -> LoadedBooking:
    """A request that waits, locked in a transaction. Raises Refused as :func:`options` does."""
    found = await load_booking(snapshot, booking_id)
    await check_manages(snapshot.session, found.catalog, found.booking.environment, snapshot.actor.person)
    if found.booking.status != WAITING:
        raise Refused(f"This request for {found.name} does not wait any more: it is {found.booking.status}.")
    return found


async def _load_to_give(snapshot: Snapshot, booking_id: int) -> LoadedBooking:
    found = await load_to_decide(snapshot, booking_id)
    if found.booking.end_at <= snapshot.now:
        raise Refused(f"The time that this request wanted {found.name} for has passed.")
    if not found.capacity:
        raise Refused(f"The catalog does not let {found.name} be booked any more. Refuse the request.")
    return found


async def _decided_so(tx: Transaction, booking_id: int, status: str) -> bool:
    """Whether the actor has decided just that already: the same form came again."""
    query = select(Booking.status, Booking.decided_by).where(Booking.id == booking_id)
    return (await tx.session.exec(query)).first() == (status, tx.actor.person)


async def _displace(tx: Transaction, found: LoadedBooking, one: Use, start: datetime) -> None:
    booking = (await tx.session.exec(select(Booking).where(col(Booking.id) == one.id))).one()
    if booking.status == WAITING:
        drop_offer(booking, OFFER_WITHDRAWN)
        event = OfferWithdrawn(
            **booking_event_facts(tx, booking, found.name),
            proposed_start=one.start.isoformat(),
            proposed_end=one.end.isoformat(),
        )
        tx.record(event)
        return
    was, end = booking.end_at, shortened_to(one, start, tx.now)
    if end is None:
        booking.status, booking.ended_at, booking.remind_at = CANCELLED, tx.now, None
        tx.record(BookingCancelled(**booking_event_facts(tx, booking, found.name)))
        return
    booking.end_at = end
    booking.remind_at = remind_at(booking.start_at, end)
    if end <= tx.now:
        booking.status, booking.ended_at, booking.remind_at = ENDED, tx.now, None
    tx.record(BookingShortened(**booking_event_facts(tx, booking, found.name), was=was.isoformat()))

"""A manager grants or refuses a request for an environment (docs/process.md#arbitration)."""

from collections.abc import Collection
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
from models.environments.arbiters import check_manages
from models.environments.events import (
    BookingCancelled,
    BookingGranted,
    BookingRefused,
    BookingShortened,
    OfferWithdrawn,
)
from models.environments.queries import booking_record, bookings_by_id
from models.environments.records import BookingRecord, GrantChoice
from models.environments.statuses import BOOKED, CANCELLED, ENDED, OFFER_WITHDRAWN, REFUSED, WAITING
from models.environments.tables import Booking
from models.environments.time_slots import Use, fits, give_way, overlapping, remind_at, shortened_to
from models.errors import Invalid, Refused
from models.events import Actor
from models.limits import DETAIL_LIMIT
from models.text import clean, text_problem
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


async def grant_if_free(work: UnitOfWork, actor: Actor, booking_id: int) -> GrantChoice | None:
    """Give the request its place. If none is free, change nothing and return what the manager chooses from.

    Raises :class:`~models.errors.Refused` when they don't manage the environment or the request is settled.
    """
    async with work.reading(actor) as snapshot:
        choice = await _grant_choice(snapshot, await _load_to_give(snapshot, booking_id))
    if choice is not None:
        return choice
    async with work(actor) as tx:
        loaded = await _load_to_give(tx, booking_id)
        choice = await _grant_choice(tx, loaded)  # somebody else may have got the place meanwhile
        if choice is None:
            await _grant(tx, loaded, max(loaded.booking.start_at, tx.now))
        return choice


async def request_to_decide(work: UnitOfWork, actor: Actor, booking_id: int) -> BookingRecord:
    """Raises :class:`~models.errors.Refused` as :func:`grant_if_free` does."""
    async with work.reading(actor) as snapshot:
        loaded = await load_to_decide(snapshot, booking_id)
        return await booking_record(snapshot.session, loaded.catalog, booking_id, snapshot.now)


async def grant_request(work: UnitOfWork, actor: Actor, booking_id: int, giving_way: Collection[int] = ()) -> None:
    """Give the request its place. The bookings ``giving_way`` are shortened to its start or cancelled.

    A request among them loses the time held for it and goes on waiting. Raises :class:`~models.errors.Invalid`
    under ``giving_way`` when there is still no place, and :class:`~models.errors.Refused` as
    :func:`grant_if_free` does.
    """
    async with work(actor) as tx:
        if await _decided_so(tx, booking_id, BOOKED):
            return
        loaded = await _load_to_give(tx, booking_id)
        booking = loaded.booking
        start = max(booking.start_at, tx.now)
        uses = await uses_of(tx.session, booking.environment, tx.now, without=booking_id)
        leaving = [one for one in overlapping(uses, start, booking.end_at) if one.id in giving_way]
        if not fits([one for one in uses if one not in leaving], start, booking.end_at, loaded.capacity):
            raise Invalid({"giving_way": "There is still no place then. Choose more bookings that give way."})
        for use in leaving:
            await _displace(tx, loaded, use, start)
        await _grant(tx, loaded, start)


async def refuse_request(work: UnitOfWork, actor: Actor, booking_id: int, reason: str) -> None:
    """Refuse the request with a reason, which the requester reads.

    Raises :class:`~models.errors.Invalid` without one, and :class:`~models.errors.Refused` as
    :func:`grant_if_free` does.
    """
    given = _checked_reason(reason, "Say why; whoever asked reads it.")
    async with work(actor) as tx:
        if await _decided_so(tx, booking_id, REFUSED):
            return
        loaded = await load_to_decide(tx, booking_id)
        booking = loaded.booking
        booking.status, booking.reason = REFUSED, given
        booking.decided_by, booking.ended_at = actor.person, tx.now
        drop_offer(booking, OFFER_WITHDRAWN)
        tx.record(BookingRefused(**booking_event_facts(tx, booking, loaded.name), grounds=given))
        await tx.session.flush()
        await serve_waiting(tx, loaded.catalog, booking.environment)


async def load_to_decide(snapshot: Snapshot, booking_id: int) -> LoadedBooking:
    """A waiting request; a transaction locks it. Raises Refused as :func:`grant_if_free` does."""
    loaded = await load_booking(snapshot, booking_id)
    await check_manages(snapshot.session, loaded.catalog, loaded.booking.environment, snapshot.actor.person)
    if loaded.booking.status != WAITING:
        raise Refused(f"This request for {loaded.name} does not wait any more: it is {loaded.booking.status}.")
    return loaded


async def _load_to_give(snapshot: Snapshot, booking_id: int) -> LoadedBooking:
    loaded = await load_to_decide(snapshot, booking_id)
    if loaded.booking.end_at <= snapshot.now:
        raise Refused(f"The time that this request wanted {loaded.name} for has passed.")
    check_bookable(loaded)
    return loaded


def check_bookable(loaded: LoadedBooking) -> None:
    """Raises :class:`~models.errors.Refused` once the catalog has dropped the environment or made it production."""
    if not loaded.capacity:
        raise Refused(f"The catalog does not let {loaded.name} be booked any more. Refuse the request.")


async def _decided_so(tx: Transaction, booking_id: int, status: str) -> bool:
    """Whether the actor has already decided just that: the same form was submitted twice."""
    query = select(Booking.status, Booking.decided_by).where(Booking.id == booking_id)
    return (await tx.session.exec(query)).first() == (status, tx.actor.person)


async def _grant_choice(snapshot: Snapshot, loaded: LoadedBooking) -> GrantChoice | None:
    """None if a place is free."""
    booking = loaded.booking
    start = max(booking.start_at, snapshot.now)
    uses = await uses_of(snapshot.session, booking.environment, snapshot.now, without=booking.id)
    leaving = give_way(uses, start, booking.end_at, loaded.capacity)
    if not leaving:
        return None
    way = [one.id for one in overlapping(uses, start, booking.end_at)]
    return GrantChoice(
        booking=await booking_record(snapshot.session, loaded.catalog, booking.id, snapshot.now),
        in_the_way=tuple(await bookings_by_id(snapshot.session, loaded.catalog, way, snapshot.now)),
        must_go=tuple(one.id for one in leaving),
    )


async def _grant(tx: Transaction, loaded: LoadedBooking, start: datetime) -> None:
    booking = loaded.booking
    give_place(booking, start, booking.end_at)
    booking.decided_by = tx.actor.person
    tx.record(BookingGranted(**booking_event_facts(tx, booking, loaded.name), in_turn=False))
    await tx.session.flush()
    await serve_waiting(tx, loaded.catalog, booking.environment)


async def _displace(tx: Transaction, loaded: LoadedBooking, use: Use, start: datetime) -> None:
    booking = (await tx.session.exec(select(Booking).where(col(Booking.id) == use.id))).one()
    if booking.status == WAITING:
        drop_offer(booking, OFFER_WITHDRAWN)
        event = OfferWithdrawn(
            **booking_event_facts(tx, booking, loaded.name),
            proposed_start=use.start.isoformat(),
            proposed_end=use.end.isoformat(),
        )
        tx.record(event)
        return
    was, end = booking.end_at, shortened_to(use, start, tx.now)
    if end is None:
        booking.status, booking.ended_at, booking.remind_at = CANCELLED, tx.now, None
        tx.record(BookingCancelled(**booking_event_facts(tx, booking, loaded.name)))
        return
    booking.end_at = end
    booking.remind_at = remind_at(booking.start_at, end)
    if end <= tx.now:
        booking.status, booking.ended_at, booking.remind_at = ENDED, tx.now, None
    tx.record(BookingShortened(**booking_event_facts(tx, booking, loaded.name), was=was.isoformat()))


def _checked_reason(text: str, missing: str) -> str:
    """``text``, cleaned. Raises :class:`~models.errors.Invalid` under ``reason`` if it is empty or too long."""
    problem = text_problem(text, DETAIL_LIMIT, missing)
    if problem:
        raise Invalid({"reason": problem})
    return clean(text)

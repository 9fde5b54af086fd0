"""Arbitrating who uses an environment: grant, refuse, or offer another time (DOMAIN.md, *environment manager*)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models.catalog.store import CatalogCache
from models.environments.events import (
    BookingCancelled,
    BookingGranted,
    BookingRefused,
    BookingShortened,
    OfferDeclined,
    OfferTaken,
    TimeOffered,
)
from models.environments.finding import by_key, check_manages
from models.environments.forms import span_problems, text_or_missing
from models.environments.rules import Use, fits, give_way, next_free, remind_at, shortened_to
from models.environments.statuses import BOOKED, CANCELLED, ENDED, REFUSED, WAITING
from models.environments.tables import Booking
from models.environments.turns import Loaded, about, give_place, load, serve_waiting, uses_of
from models.errors import Invalid, Refused
from models.events import Actor
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Options:
    """What a manager may choose from.

    ``in_the_way`` are the bookings that have some of the time, ``must_go`` those of them who would have to give
    way; nobody has to when a place is free. ``start`` and ``end`` are the next free time of the same length.
    """

    in_the_way: tuple[int, ...]
    must_go: tuple[int, ...]
    start: datetime
    end: datetime


async def options(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, booking_id: int) -> Options:
    """What ``actor`` may decide about a request that waits.

    Raises :class:`~models.errors.Refused` when they do not manage the environment or it is settled already.
    """
    async with work(actor) as tx:
        found = await _load_to_give(tx, catalogs, booking_id)
        booking = found.booking
        uses = await uses_of(tx.session, booking.environment, tx.now)
        start = max(booking.start_at, tx.now)
        leaving = give_way(uses, start, booking.end_at, found.capacity)
        free = next_free(uses, start, booking.end_at - start, found.capacity)
        way = [one.id for one in uses if one.start < booking.end_at and start < one.end]
        return Options(tuple(way), tuple(one.id for one in leaving), free, free + (booking.end_at - start))


async def check_may_decide(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, booking_id: int) -> None:
    """Whether ``actor`` may refuse a request. Raises :class:`~models.errors.Refused` as :func:`options` does."""
    async with work(actor) as tx:
        await _load_to_decide(tx, catalogs, booking_id)


async def grant_request(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, booking_id: int, giving_way: Collection[int] = ()
) -> None:
    """Give the request its place; the bookings ``giving_way`` are shortened to its start or cancelled, and told.

    Raises :class:`~models.errors.Invalid` under ``giving_way`` when there is still no place without others, and
    :class:`~models.errors.Refused` as :func:`options` does.
    """
    async with work(actor) as tx:
        if await _decided_so(tx, booking_id, BOOKED):
            return
        found = await _load_to_give(tx, catalogs, booking_id)
        booking = found.booking
        start = max(booking.start_at, tx.now)
        uses = await uses_of(tx.session, booking.environment, tx.now)
        leaving = [one for one in uses if one.id in giving_way and one.start < booking.end_at and start < one.end]
        if not fits([one for one in uses if one not in leaving], start, booking.end_at, found.capacity):
            raise Invalid({"giving_way": "There is still no place then. Choose more bookings that give way."})
        for one in leaving:
            await _displace(tx, found, one, start)
        give_place(booking, start, booking.end_at)
        booking.decided_by = actor.person
        tx.record(BookingGranted(**about(tx, booking, found.name), in_turn=False))
        await tx.session.flush()
        await serve_waiting(tx, found.catalog, booking.environment)


async def refuse_request(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, booking_id: int, reason: str
) -> None:
    """Refuse the request with a reason, which the requester reads.

    Raises :class:`~models.errors.Invalid` without one, and :class:`~models.errors.Refused` as :func:`options` does.
    """
    given = text_or_missing(reason, "Say why; whoever asked reads it.")
    async with work(actor) as tx:
        if await _decided_so(tx, booking_id, REFUSED):
            return
        found = await _load_to_decide(tx, catalogs, booking_id)
        booking = found.booking
        booking.status, booking.reason = REFUSED, given
        booking.decided_by, booking.ended_at = actor.person, tx.now
        booking.proposed_start = booking.proposed_end = None
        tx.record(BookingRefused(**about(tx, booking, found.name), grounds=given))


async def offer_time(
    work: UnitOfWork,
    catalogs: CatalogCache,
    actor: Actor,
    booking_id: int,
    start: datetime | None,
    end: datetime | None,
) -> None:
    """Offer another time, which the requester may take as long as it is free; the request waits meanwhile.

    Raises :class:`~models.errors.Invalid` with what is wrong about the time, and
    :class:`~models.errors.Refused` as :func:`options` does.
    """
    async with work(actor) as tx:
        found = await _load_to_give(tx, catalogs, booking_id)
        booking = found.booking
        environment = by_key(found.catalog, booking.environment)
        problems = span_problems(start, end, tx.now, environment, found.catalog.zone())
        wrong = {name: problem for name, problem in problems.items() if problem}
        if wrong or start is None or end is None:
            raise Invalid(wrong)
        if (booking.proposed_start, booking.proposed_end) == (start, end):
            return  # the same form again: the offer stands already
        uses = await uses_of(tx.session, booking.environment, tx.now)
        if not fits(uses, max(start, tx.now), end, found.capacity):
            raise Invalid({"start": f"{found.name} is taken then as well. Choose another time."})
        booking.proposed_start, booking.proposed_end = start, end
        booking.offers += 1
        booking.decided_by = actor.person
        tx.record(
            TimeOffered(
                **about(tx, booking, found.name),
                proposed_start=start.isoformat(),
                proposed_end=end.isoformat(),
            )
        )


async def take_offer(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, booking_id: int, count: int) -> None:
    """Take the ``count``-th offer: the time is booked.

    Raises :class:`~models.errors.Refused` when it is not theirs, not the newest, or taken meanwhile.
    """
    async with work(actor) as tx:
        found, start, end = await _load_offer(tx, catalogs, booking_id, count)
        booking, start = found.booking, max(start, tx.now)
        uses = await uses_of(tx.session, booking.environment, tx.now)
        if end <= tx.now or not fits(uses, start, end, found.capacity):
            raise Refused(
                f"That time is not free any more. Your request for {found.name} still waits, and its manager may "
                "offer another time."
            )
        give_place(booking, start, end)
        tx.record(OfferTaken(**about(tx, booking, found.name)))


async def decline_offer(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, booking_id: int, count: int
) -> None:
    """Do without the ``count``-th offer; the request goes on waiting for the time it asked for.

    Raises :class:`~models.errors.Refused` as :func:`take_offer` does.
    """
    async with work(actor) as tx:
        found, _, _ = await _load_offer(tx, catalogs, booking_id, count)
        found.booking.proposed_start = found.booking.proposed_end = None
        tx.record(OfferDeclined(**about(tx, found.booking, found.name)))


async def _load_to_decide(tx: Transaction, catalogs: CatalogCache, booking_id: int) -> Loaded:
    found = await load(tx, catalogs, booking_id)
    await check_manages(tx.session, found.catalog, found.booking.environment, tx.actor.person)
    if found.booking.status != WAITING:
        raise Refused(f"This request for {found.name} does not wait any more: it is {found.booking.status}.")
    return found


async def _load_to_give(tx: Transaction, catalogs: CatalogCache, booking_id: int) -> Loaded:
    found = await _load_to_decide(tx, catalogs, booking_id)
    if found.booking.end_at <= tx.now:
        raise Refused(f"The time that this request wanted {found.name} for has passed.")
    if not found.capacity:
        raise Refused(f"The catalog does not let {found.name} be booked any more. Refuse the request.")
    return found


async def _decided_so(tx: Transaction, booking_id: int, status: str) -> bool:
    """Whether the actor has decided just that already: the same form came again."""
    query = select(Booking.status, Booking.decided_by).where(Booking.id == booking_id)
    return (await tx.session.exec(query)).first() == (status, tx.actor.person)


async def _load_offer(
    tx: Transaction, catalogs: CatalogCache, booking_id: int, count: int
) -> tuple[Loaded, datetime, datetime]:
    found = await load(tx, catalogs, booking_id)
    booking = found.booking
    if tx.actor.person != booking.holder:
        raise Refused("This was offered to somebody else.")
    start, end = booking.proposed_start, booking.proposed_end
    if booking.status != WAITING or booking.offers != count or start is None or end is None:
        raise Refused(f"This offer does not stand any more; the request for {found.name} is {booking.status}.")
    return found, start, end


async def _displace(tx: Transaction, found: Loaded, one: Use, start: datetime) -> None:
    booking = (await tx.session.exec(select(Booking).where(col(Booking.id) == one.id))).one()
    was, end = booking.end_at, shortened_to(one, start, tx.now)
    if end is None:
        booking.status, booking.ended_at, booking.remind_at = CANCELLED, tx.now, None
        tx.record(BookingCancelled(**about(tx, booking, found.name)))
        return
    booking.end_at = end
    booking.remind_at = remind_at(booking.start_at, end)
    if end <= tx.now:
        booking.status, booking.ended_at, booking.remind_at = ENDED, tx.now, None
    tx.record(BookingShortened(**about(tx, booking, found.name), was=was.isoformat()))

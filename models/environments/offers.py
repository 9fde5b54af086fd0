"""Offering another time than the one that was asked for, which is held for a while until it is answered."""

from dataclasses import dataclass
from datetime import datetime

from models.environments.allocation import (
    LoadedBooking,
    booking_event_facts,
    drop_offer,
    give_place,
    load_booking,
    serve_waiting,
    uses_of,
)
from models.environments.arbitration import load_to_decide
from models.environments.events import OfferDeclined, OfferTaken, TimeOffered
from models.environments.forms import span_problems
from models.environments.lookup import environments_by_key
from models.environments.statuses import BOOKED, OFFER_DECLINED, OFFER_TAKEN, WAITING
from models.environments.time_slots import fits, held_until, next_free
from models.errors import Invalid, Refused
from models.events import Actor
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time to offer, and until when it is held for whoever asked."""

    start: datetime
    end: datetime
    held_until: datetime


async def next_time(work: UnitOfWork, actor: Actor, booking_id: int) -> Proposal:
    """The next time that is free and as long as the one a request asks for.

    Raises :class:`~models.errors.Refused` when ``actor`` does not manage the environment or it is settled already.
    """
    async with work.reading(actor) as snapshot:
        found = await _load_to_offer(snapshot, booking_id)
        booking = found.booking
        uses = await uses_of(snapshot.session, booking.environment, snapshot.now, without=booking_id)
        length = booking.end_at - booking.start_at
        start = next_free(uses, max(booking.start_at, snapshot.now), length, found.capacity)
        return Proposal(start, start + length, held_until(snapshot.now, start, start + length))


async def offer_time(
    work: UnitOfWork,
    actor: Actor,
    booking_id: int,
    start: datetime | None,
    end: datetime | None,
    held: datetime | None = None,
) -> None:
    """Offer another time, which nobody else gets before ``held``; the request waits for its own time meanwhile.

    Without ``held``, :func:`~models.environments.time_slots.held_until` decides. A newer offer replaces the last
    one. Raises :class:`~models.errors.Invalid` with what is wrong about the time, and
    :class:`~models.errors.Refused` as :func:`next_time` does.
    """
    async with work(actor) as tx:
        found = await _load_to_offer(tx, booking_id)
        booking = found.booking
        proposal = _checked(found, tx.now, start, end, held)
        stands = (booking.proposed_start, booking.proposed_end, held and booking.held_until)
        if stands == (start, end, held):
            return  # the same form again: the offer stands already
        uses = await uses_of(tx.session, booking.environment, tx.now, without=booking_id)
        if not fits(uses, max(proposal.start, tx.now), proposal.end, found.capacity):
            raise Invalid({"start": f"{found.name} is taken then as well. Choose another time."})
        booking.proposed_start, booking.proposed_end = proposal.start, proposal.end
        booking.held_until, booking.offer_outcome = proposal.held_until, ""
        booking.offers += 1
        booking.decided_by = actor.person
        tx.record(
            TimeOffered(
                **booking_event_facts(tx, booking, found.name),
                proposed_start=proposal.start.isoformat(),
                proposed_end=proposal.end.isoformat(),
                held_until=proposal.held_until.isoformat(),
            )
        )
        await _serve_others(tx, found)


async def take_offer(work: UnitOfWork, actor: Actor, booking_id: int, count: int) -> None:
    """Take the ``count``-th offer: the time is booked. Taking it twice changes nothing.

    Raises :class:`~models.errors.Refused` when it is not theirs, not the newest, or not held any more.
    """
    async with work(actor) as tx:
        found = await _load_offered(tx, booking_id)
        booking = found.booking
        if booking.status == BOOKED and booking.offers == count:
            return
        start, end = await _standing(tx, found, count)
        if not found.capacity:
            raise Refused(f"The catalog does not let {found.name} be booked any more.")
        uses = await uses_of(tx.session, booking.environment, tx.now, without=booking_id)
        if not fits(uses, max(start, tx.now), end, found.capacity):
            raise Refused(
                f"{found.name} has fewer places than when this was offered, and none is free then. Your request "
                "still waits."
            )
        drop_offer(booking, OFFER_TAKEN)
        give_place(booking, max(start, tx.now), end)
        tx.record(OfferTaken(**booking_event_facts(tx, booking, found.name)))


async def decline_offer(work: UnitOfWork, actor: Actor, booking_id: int, count: int) -> None:
    """Do without the ``count``-th offer, whose time is free then; the request goes on waiting for its own.

    Declining twice changes nothing. Raises :class:`~models.errors.Refused` as :func:`take_offer` does.
    """
    async with work(actor) as tx:
        found = await _load_offered(tx, booking_id)
        booking = found.booking
        if booking.offers == count and booking.offer_outcome == OFFER_DECLINED:
            return
        await _standing(tx, found, count)
        drop_offer(booking, OFFER_DECLINED)
        tx.record(OfferDeclined(**booking_event_facts(tx, booking, found.name)))
        await _serve_others(tx, found)


async def _load_to_offer(snapshot: Snapshot, booking_id: int) -> LoadedBooking:
    found = await load_to_decide(snapshot, booking_id)
    if not found.capacity:
        raise Refused(f"The catalog does not let {found.name} be booked any more. Refuse the request.")
    return found


async def _load_offered(tx: Transaction, booking_id: int) -> LoadedBooking:
    found = await load_booking(tx, booking_id)
    if tx.actor.person != found.booking.holder:
        raise Refused("This was offered to somebody else.")
    return found


async def _standing(tx: Transaction, found: LoadedBooking, count: int) -> tuple[datetime, datetime]:
    """The time that is offered, if it is still held. Raises :class:`~models.errors.Refused` with why it is not."""
    booking = found.booking
    start, end, held = booking.proposed_start, booking.proposed_end, booking.held_until
    if booking.status != WAITING:
        raise Refused(f"This offer does not stand any more; the request for {found.name} is {booking.status}.")
    if booking.offers != count:
        raise Refused(f"A newer offer of {found.name} has taken the place of this one.")
    if start is None or end is None or held is None or held <= tx.now or end <= tx.now:
        raise Refused(
            f"This time in {found.name} is not held for you any more. Your request waits, and its manager may "
            "offer another time."
        )
    return start, end


async def _serve_others(tx: Transaction, found: LoadedBooking) -> None:
    await tx.session.flush()
    await serve_waiting(tx, found.catalog, found.booking.environment)


def _checked(
    found: LoadedBooking, now: datetime, start: datetime | None, end: datetime | None, held: datetime | None
) -> Proposal:
    environment = environments_by_key(found.catalog, found.booking.environment)
    problems = span_problems(start, end, now, environment, found.catalog.zone())
    if held is not None and held <= now:
        problems["held"] = "This has passed. Choose a later moment: whoever asked has to have time to answer."
    elif held is not None and end is not None and held > end:
        problems["held"] = "The offered time is over then. Choose an earlier moment."
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong or start is None or end is None:
        raise Invalid(wrong)
    return Proposal(start, end, held or held_until(now, start, end))

"""A manager offers another time, which is held until the requester answers (docs/process.md#arbitration)."""

from dataclasses import dataclass
from datetime import datetime

from models.environments.allocation import (
    LoadedBooking,
    booking_event_facts,
    drop_offer,
    give_place,
    held_use,
    load_booking,
    serve_waiting,
    uses_of,
)
from models.environments.arbitration import check_bookable, load_to_decide
from models.environments.booking_form import span_problems
from models.environments.events import OfferDeclined, OfferTaken, TimeOffered
from models.environments.queries import booking_record
from models.environments.records import BookingRecord
from models.environments.statuses import BOOKED, OFFER_DECLINED, OFFER_TAKEN, WAITING
from models.environments.time_slots import fits, held_until, next_free
from models.errors import Invalid, Refused
from models.events import Actor
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time to offer, and until when it is held."""

    start: datetime
    end: datetime
    held_until: datetime


async def next_free_time(work: UnitOfWork, actor: Actor, booking_id: int) -> tuple[BookingRecord, Proposal]:
    """The request, and the next free time as long as the one it asks for.

    Raises :class:`~models.errors.Refused` when ``actor`` doesn't manage the environment or the request is settled.
    """
    async with work.reading(actor) as snapshot:
        loaded = await _load_to_offer(snapshot, booking_id)
        booking = loaded.booking
        uses = await uses_of(snapshot.session, booking.environment, snapshot.now, without=booking_id)
        length = booking.end_at - booking.start_at
        start = next_free(uses, max(booking.start_at, snapshot.now), length, loaded.capacity)
        free = Proposal(start, start + length, held_until(snapshot.now, start, start + length))
        return await booking_record(snapshot.session, loaded.catalog, booking_id, snapshot.now), free


async def offer_time(
    work: UnitOfWork,
    actor: Actor,
    booking_id: int,
    start: datetime | None,
    end: datetime | None,
    held: datetime | None = None,
) -> None:
    """Offer another time, which nobody else gets before ``held``; the request keeps waiting for its own time.

    Without ``held``, :func:`~models.environments.time_slots.held_until` decides. A new offer replaces the last one.
    Raises :class:`~models.errors.Invalid` for an impossible time, and :class:`~models.errors.Refused` as
    :func:`next_free_time` does.
    """
    async with work(actor) as tx:
        loaded = await _load_to_offer(tx, booking_id)
        booking = loaded.booking
        proposal = _checked(loaded, tx.now, start, end, held)
        stands = (booking.proposed_start, booking.proposed_end, held and booking.held_until)
        if stands == (start, end, held):
            return  # the same form was submitted twice
        uses = await uses_of(tx.session, booking.environment, tx.now, without=booking_id)
        if not fits(uses, max(proposal.start, tx.now), proposal.end, loaded.capacity):
            raise Invalid({"start": f"{loaded.name} is taken then as well. Choose another time."})
        booking.proposed_start, booking.proposed_end = proposal.start, proposal.end
        booking.held_until, booking.offer_outcome = proposal.held_until, ""
        booking.offers += 1
        booking.decided_by = actor.person
        tx.record(
            TimeOffered(
                **booking_event_facts(tx, booking, loaded.name),
                proposed_start=proposal.start.isoformat(),
                proposed_end=proposal.end.isoformat(),
                held_until=proposal.held_until.isoformat(),
            )
        )
        await _serve_others(tx, loaded)


async def take_offer(work: UnitOfWork, actor: Actor, booking_id: int, count: int) -> None:
    """Book the time of the ``count``-th offer. Taking it twice changes nothing.

    Raises :class:`~models.errors.Refused` when the offer isn't theirs, isn't the newest, or isn't held any more.
    """
    async with work(actor) as tx:
        loaded = await _load_offered(tx, booking_id)
        booking = loaded.booking
        if booking.status == BOOKED and booking.offers == count:
            return
        start, end = await _standing(tx, loaded, count)
        if not loaded.capacity:
            raise Refused(f"The catalog does not let {loaded.name} be booked any more.")
        uses = await uses_of(tx.session, booking.environment, tx.now, without=booking_id)
        if not fits(uses, max(start, tx.now), end, loaded.capacity):
            raise Refused(
                f"{loaded.name} has fewer places than when this was offered, and none is free then. Your request "
                "still waits."
            )
        drop_offer(booking, OFFER_TAKEN)
        give_place(booking, max(start, tx.now), end)
        tx.record(OfferTaken(**booking_event_facts(tx, booking, loaded.name)))


async def decline_offer(work: UnitOfWork, actor: Actor, booking_id: int, count: int) -> None:
    """Decline the ``count``-th offer, which frees its time; the request keeps waiting for its own.

    Declining twice changes nothing. Raises :class:`~models.errors.Refused` as :func:`take_offer` does.
    """
    async with work(actor) as tx:
        loaded = await _load_offered(tx, booking_id)
        booking = loaded.booking
        if booking.offers == count and booking.offer_outcome == OFFER_DECLINED:
            return
        await _standing(tx, loaded, count)
        drop_offer(booking, OFFER_DECLINED)
        tx.record(OfferDeclined(**booking_event_facts(tx, booking, loaded.name)))
        await _serve_others(tx, loaded)


async def _load_to_offer(snapshot: Snapshot, booking_id: int) -> LoadedBooking:
    loaded = await load_to_decide(snapshot, booking_id)
    check_bookable(loaded)
    return loaded


async def _load_offered(tx: Transaction, booking_id: int) -> LoadedBooking:
    loaded = await load_booking(tx, booking_id)
    if tx.actor.person != loaded.booking.holder:
        raise Refused("This was offered to somebody else.")
    return loaded


async def _standing(tx: Transaction, loaded: LoadedBooking, count: int) -> tuple[datetime, datetime]:
    """The offered time. Raises :class:`~models.errors.Refused` if it isn't held any more."""
    booking = loaded.booking
    if booking.status != WAITING:
        raise Refused(f"This offer does not stand any more; the request for {loaded.name} is {booking.status}.")
    if booking.offers != count:
        raise Refused(f"A newer offer of {loaded.name} has taken the place of this one.")
    held = held_use(booking, tx.now)
    if held is None:
        raise Refused(
            f"This time in {loaded.name} is not held for you any more. Your request waits, and its manager may "
            "offer another time."
        )
    return held.start, held.end


async def _serve_others(tx: Transaction, loaded: LoadedBooking) -> None:
    await tx.session.flush()
    await serve_waiting(tx, loaded.catalog, loaded.booking.environment)


def _checked(
    loaded: LoadedBooking, now: datetime, start: datetime | None, end: datetime | None, held: datetime | None
) -> Proposal:
    environment = loaded.catalog.environment(loaded.booking.environment)
    problems = span_problems(start, end, now, environment, loaded.catalog.zone())
    if held is not None and held <= now:
        problems["held"] = "This has passed. Choose a later moment: whoever asked has to have time to answer."
    elif held is not None and end is not None and held > end:
        problems["held"] = "The offered time is over then. Choose an earlier moment."
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong or start is None or end is None:
        raise Invalid(wrong)
    return Proposal(start, end, held or held_until(now, start, end))

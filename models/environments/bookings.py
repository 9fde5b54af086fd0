"""Book an environment, extend the booking, give it back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.environments.allocation import (
    LoadedBooking,
    booking_event_facts,
    drop_offer,
    give_place,
    load_booking,
    lock_environment,
    own_time,
    serve_waiting,
    uses_of,
    waiting_for,
)
from models.environments.arbiters import arbiters, check_manages
from models.environments.booking_form import BookingForm, CheckedBooking, check_booking, length_problem
from models.environments.events import (
    BookingExtended,
    BookingGivenBack,
    EnvironmentBooked,
    EnvironmentRequested,
    RequestWithdrawn,
)
from models.environments.queries import booking_record
from models.environments.records import BookingRecord
from models.environments.statuses import BOOKED, CANCELLED, ENDED, OFFER_WITHDRAWN, WAITING, WITHDRAWN
from models.environments.tables import Booking
from models.environments.time_slots import Use, fits, overlapping, remind_at
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.identifiers import find_release
from models.people.directory import names
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class BookingResult:
    """``again``: the same thing had been done to it before."""

    id: int
    status: str
    again: bool = False


async def book_environment(work: UnitOfWork, actor: Actor, form: BookingForm, nonce: str) -> BookingResult:
    """Book an environment, or wait for it if no place is free. Anybody may.

    A form (``nonce``) that is submitted twice makes one booking. Raises :class:`~models.errors.Invalid` with every
    wrong field.
    """
    async with work(actor) as tx:
        if not await tx.once("booking", nonce):
            made = (await tx.session.exec(select(Booking).where(Booking.form == nonce))).one()
            return BookingResult(made.id, made.status)
        catalog = await tx.catalog()
        checked = check_booking(form, catalog, tx.now)
        await lock_environment(tx, checked.environment.key)
        return await _make(tx, catalog, checked, nonce)


async def extend_booking(work: UnitOfWork, actor: Actor, booking_id: int, until: datetime | None) -> None:
    """Keep an environment until ``until``; for the holder and the manager.

    Raises :class:`~models.errors.Invalid` under ``until`` when somebody else has the time, is offered it or waits
    for it, or when the booking would be longer than the environment allows; and :class:`~models.errors.Refused`.
    """
    async with work(actor) as tx:
        loaded = await load_booking(tx, booking_id)
        await _check_holds(tx, loaded)
        booking, was = loaded.booking, loaded.booking.end_at
        if until == was:
            return  # the same form was submitted twice
        if until is None or until < was:
            raise Invalid({"until": "Choose a later end than it has now."})
        problem = await _extension_problem(tx, loaded, until)
        if problem:
            raise Invalid({"until": problem})
        booking.end_at = until
        booking.remind_at = remind_at(booking.start_at, until)
        tx.record(BookingExtended(**booking_event_facts(tx, booking, loaded.name), was=was.isoformat()))


async def booking_to_extend(work: UnitOfWork, actor: Actor, booking_id: int) -> BookingRecord:
    """Raises :class:`~models.errors.Refused` unless ``actor`` may extend it now."""
    async with work.reading(actor) as snapshot:
        loaded = await load_booking(snapshot, booking_id)
        await _check_holds(snapshot, loaded)
        return await booking_record(snapshot.session, loaded.catalog, booking_id, snapshot.now)


async def give_back_booking(work: UnitOfWork, actor: Actor, booking_id: int) -> BookingResult:
    """Give an environment back, or stop waiting for it; for the holder and the manager.

    Waiting requests are served. Raises :class:`~models.errors.Refused`.
    """
    async with work(actor) as tx:
        loaded = await load_booking(tx, booking_id)
        booking = loaded.booking
        await _check_theirs(tx, loaded)
        if booking.status not in (BOOKED, WAITING):
            return BookingResult(booking_id, booking.status, again=True)
        waited = booking.status == WAITING
        booking.status = WITHDRAWN if waited else ENDED if booking.start_at <= tx.now else CANCELLED
        booking.ended_at, booking.remind_at = tx.now, None
        drop_offer(booking, OFFER_WITHDRAWN)
        kind = RequestWithdrawn if waited else BookingGivenBack
        tx.record(kind(**booking_event_facts(tx, booking, loaded.name)))
        await tx.session.flush()
        await serve_waiting(tx, loaded.catalog, booking.environment)
        return BookingResult(booking_id, booking.status)


async def _make(tx: Transaction, catalog: Catalog, checked: CheckedBooking, nonce: str) -> BookingResult:
    environment = checked.environment
    start = max(checked.start, tx.now)
    booking = Booking(
        environment=environment.key,
        holder=tx.actor.person,
        purpose=checked.purpose,
        release_id=await _release_id(tx.session, checked.release),
        versions=checked.versions,
        test_data=checked.test_data,
        start_at=start,
        end_at=checked.end,
        status=WAITING,
        requested_at=tx.now,
        form=nonce,
    )
    tx.session.add(booking)
    if fits(await uses_of(tx.session, environment.key, tx.now), start, checked.end, environment.capacity):
        give_place(booking, start, checked.end)
        await tx.session.flush()
        tx.record(EnvironmentBooked(**booking_event_facts(tx, booking, environment.name)))
    else:
        booking.asked = sorted(await arbiters(tx.session, catalog, environment.key))
        await tx.session.flush()
        tx.record(EnvironmentRequested(**booking_event_facts(tx, booking, environment.name)))
    return BookingResult(booking.id, booking.status)


async def _release_id(session: AsyncSession, typed: str) -> int | None:
    if not typed:
        return None
    try:
        release, _ = await find_release(session, typed)
    except NotFound as unknown:
        raise Invalid({"release": unknown.asking}) from None
    return release.id


async def _check_theirs(snapshot: Snapshot, loaded: LoadedBooking) -> None:
    if snapshot.actor.person != loaded.booking.holder:
        await check_manages(snapshot.session, loaded.catalog, loaded.booking.environment, snapshot.actor.person)


async def _check_holds(snapshot: Snapshot, loaded: LoadedBooking) -> None:
    await _check_theirs(snapshot, loaded)
    if loaded.booking.status != BOOKED or loaded.booking.end_at <= snapshot.now:
        raise Refused(f"This booking of {loaded.name} is over. Book it again with /environment book.")


async def _extension_problem(tx: Transaction, loaded: LoadedBooking, until: datetime) -> str:
    booking, catalog = loaded.booking, loaded.catalog
    environment = catalog.environment(booking.environment)
    too_long = length_problem(booking.start_at, until, environment, catalog.zone())
    if too_long:
        return too_long
    others = await uses_of(tx.session, booking.environment, tx.now, without=booking.id)
    if not fits(others, booking.end_at, until, loaded.capacity):
        return await _taken(tx, loaded, overlapping(others, booking.end_at, until), "has")
    waiting = [own_time(one) for one in await waiting_for(tx.session, booking.environment)]
    return await _taken(tx, loaded, overlapping(waiting, booking.end_at, until), "waits for")


async def _taken(tx: Transaction, loaded: LoadedBooking, others: list[Use], verb: str) -> str:
    if not others:
        return ""
    other = await tx.session.get_one(Booking, others[0].id)
    verb = "has been offered" if verb == "has" and other.status == WAITING else verb
    name = (await names(tx.session, [other.holder])).get(other.holder, "Somebody else")
    return (
        f"{name} {verb} {loaded.name} after you. Choose an earlier end, or ask its manager with /environment book "
        f"{loaded.booking.environment}."
    )

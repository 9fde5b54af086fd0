"""Bookings of environments: book, give back, extend."""

from handlers.dispatch.answers import Answer, Choices, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import Entered, new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, options, view
from messages.environments.bookings import (
    BOOK,
    ENVIRONMENT_SEARCH,
    EXTEND,
    EXTEND_FORM,
    GIVE_BACK,
    GIVE_BACK_FORM,
    RELEASE_SEARCH,
    booking_answer,
    booking_form,
    extend_form,
    give_back_form,
    given_back,
    nothing_to_give_back,
    release_options,
)
from messages.kit.inputs import keyed_options
from models.environments import bookings, queries
from models.environments.arbiters import arbiter_names
from models.environments.booking_form import BookingForm
from models.environments.lookup import find_bookable, find_environment
from models.environments.time_slots import USUAL, usual_span
from models.lifecycle.release_choices import releases_like
from models.people.time_zones import person_zone


@command("/environment", "book", "[environment]", help="book an environment, or wait for one")
async def open_booking(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Book an environment*, with the one that is named, for the hours that follow."""
    catalog = await desk.catalog()
    chosen = find_bookable(catalog, incoming.text)
    start, end = usual_span(desk.clock.now())
    return Open(booking_form(catalog.bookable_environments, chosen, start, end, new_nonce()))


@options(ENVIRONMENT_SEARCH)
async def find_environments(desk: Desk, incoming: Incoming) -> Answer:
    return Choices(keyed_options((await desk.catalog()).bookable_environments, incoming.text))


@options(RELEASE_SEARCH)
async def find_release(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reading() as snapshot:
        return Choices(release_options(await releases_like(snapshot.session, "", incoming.text, going_on=True)))


@view(BOOK)
async def book(desk: Desk, incoming: Incoming) -> Answer:
    """Book it, or put the request on the waiting list."""
    form = _booking_entered(incoming.fields)
    made_now = await bookings.book_environment(desk.work, incoming.actor, form, incoming.nonce)
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        one = await queries.booking_record(snapshot.session, catalog, made_now.id, snapshot.now)
        return Tell(booking_answer(one, await arbiter_names(snapshot.session, catalog, one.environment)))


@command("/environment", "release", "ENVIRONMENT", help="give your booking back")
async def give_back_by_command(desk: Desk, incoming: Incoming) -> Answer:
    """Give the one booking back that is theirs; of several they choose, and managers of everybody's."""
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        found = find_environment(catalog, incoming.text)
        mine, others = await queries.to_give_back(snapshot.session, catalog, found, incoming.person, snapshot.now)
        zone = await person_zone(snapshot.session, incoming.person, catalog.zone())
    if len(mine) == 1 and not others:
        return await _give_back(desk, incoming, mine[0].id)
    if not mine and not others:
        return Tell(nothing_to_give_back(found.key, found.name))
    return Open(give_back_form(found.name, [*mine, *others], zone))


@view(GIVE_BACK_FORM)
async def give_chosen_back(desk: Desk, incoming: Incoming) -> Answer:
    return await _give_back(desk, incoming, int(incoming.fields["booking"]))


@action(GIVE_BACK)
async def give_back(desk: Desk, incoming: Incoming) -> Answer:
    """Give it back from the reminder, which shows that it is over."""
    await bookings.give_back_booking(desk.work, incoming.actor, int(incoming.value["b"]))
    return Nothing()


@action(EXTEND)
async def ask_until_when(desk: Desk, incoming: Incoming) -> Answer:
    found = await bookings.booking_to_extend(desk.work, incoming.actor, int(incoming.value["b"]))
    return Open(extend_form(found, found.end_at + USUAL))


@view(EXTEND_FORM)
async def extend(desk: Desk, incoming: Incoming) -> Answer:
    number, until = int(incoming.metadata["b"]), incoming.fields.moment("until")
    await bookings.extend_booking(desk.work, incoming.actor, number, until)
    return Nothing()


async def _give_back(desk: Desk, incoming: Incoming, number: int) -> Answer:
    done = await bookings.give_back_booking(desk.work, incoming.actor, number)
    async with desk.work.reading() as snapshot:
        one = await queries.booking_record(snapshot.session, await snapshot.catalog(), number, snapshot.now)
    return Tell(given_back(one, again=done.again))


def _booking_entered(fields: Entered) -> BookingForm:
    return BookingForm(
        environment=fields.text("environment"),
        start=fields.moment("start"),
        end=fields.moment("end"),
        purpose=fields.text("purpose"),
        release=fields.text("release"),
        versions=fields.text("versions"),
        test_data=fields.text("test_data"),
    )

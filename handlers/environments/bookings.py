"""Environments: book, give back, extend and list."""

from datetime import timedelta

from handlers.dispatch.answers import Answer, Choices, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, moment, new_nonce, written
from handlers.dispatch.registry import Registry
from messages.environments.bookings import (
    BOOK,
    ENVIRONMENT_SEARCH,
    EXTEND,
    EXTEND_FORM,
    GIVE_BACK,
    RELEASE_FORM,
    RELEASE_SEARCH,
    booking_form,
    environment_options,
    extend_form,
    given_back,
    made,
    nothing_to_give_back,
    release_form,
    release_options,
)
from messages.environments.overview import MORE, environment_list
from messages.kit import sizes
from models.catalog.document import Catalog
from models.environments import bookings as booking
from models.environments import queries
from models.environments.forms import BookingForm
from models.environments.lookup import arbiters, find_bookable, find_environment
from models.environments.records import BookingRecord
from models.lifecycle.lifecycle import STOPPED, State
from models.people.zones import person_zone
from models.support.queries import releases_like

COMMAND = "/environment"

USUAL = timedelta(hours=4)
"""How long a booking is that nobody has said anything about yet, and how long an extension."""


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb(COMMAND, "book", "[environment]", help="book an environment, or wait for one")(open_booking)
    registry.verb(COMMAND, "release", "ENVIRONMENT", help="give your booking back")(release)
    registry.verb(COMMAND, "list", help="who has what until when, and who waits")(list_environments)
    registry.view(BOOK)(submit_booking)
    registry.option(ENVIRONMENT_SEARCH)(find)
    registry.option(RELEASE_SEARCH)(find_release)
    registry.view(RELEASE_FORM)(submit_release)
    registry.action(GIVE_BACK)(release_by_button)
    registry.action(MORE)(list_more)
    registry.action(EXTEND)(ask_until_when)
    registry.view(EXTEND_FORM)(submit_extension)


async def open_booking(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Book an environment*, with the one that is named, for the hours that follow."""
    catalog = await _catalog(desk)
    chosen = find_bookable(catalog, incoming.text)
    start = desk.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    nonce = new_nonce()
    return Open(booking_form(catalog.environments, chosen, start, start + USUAL, nonce))


async def find(desk: Desk, incoming: Incoming) -> Answer:
    """The environments that match what is typed."""
    return Choices(environment_options((await _catalog(desk)).environments, incoming.text))


async def find_release(desk: Desk, incoming: Incoming) -> Answer:
    """The latest releases that match what is typed and have not been stopped."""
    states = [state for state in State if state not in STOPPED]
    async with desk.work.database.reading() as session:
        return Choices(release_options(await releases_like(session, "", incoming.text, states)))


async def submit_booking(desk: Desk, incoming: Incoming) -> Answer:
    """Book it, or put the request on the waiting list."""
    fields = incoming.fields
    texts = {name: written(fields, name) for name in _TEXTS}
    form = BookingForm(start=moment(fields, "start"), end=moment(fields, "end"), **texts)
    nonce = str(incoming.metadata["f"])
    done = await booking.book_environment(desk.work, desk.catalogs, incoming.actor, form, nonce)
    one = await booking_of(desk, done.id)
    async with desk.work.database.reading() as session:
        return Tell(made(one, await arbiters(session, await desk.catalogs.current(session), one.environment)))


async def release(desk: Desk, incoming: Incoming) -> Answer:
    """Give the one booking back that is theirs; of several they choose, and managers of everybody's."""
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        found = find_environment(catalog, incoming.text)
        now = desk.clock.now()
        mine, others = await queries.to_give_back(session, catalog, found, incoming.person, now)
        zone = await person_zone(session, incoming.person, catalog.zone())
    if len(mine) == 1 and not others:
        return await _give_back(desk, incoming, mine[0].id)
    if not mine and not others:
        return Tell(nothing_to_give_back(found.key, found.name))
    return Open(release_form(found.name, [*mine, *others], zone))


async def submit_release(desk: Desk, incoming: Incoming) -> Answer:
    """Give the chosen booking back."""
    return await _give_back(desk, incoming, int(incoming.fields["booking"]))


async def release_by_button(desk: Desk, incoming: Incoming) -> Answer:
    """Give it back from the reminder, which shows that it is over."""
    number = int(incoming.value["b"])
    await booking.release_booking(desk.work, desk.catalogs, incoming.actor, number)
    return Nothing()


async def list_environments(desk: Desk, _incoming: Incoming) -> Answer:
    """The first page of the environments."""
    return await _list(desk, 0)


async def list_more(desk: Desk, incoming: Incoming) -> Answer:
    """A further page of the environments."""
    return await _list(desk, int(incoming.value["o"]))


async def ask_until_when(desk: Desk, incoming: Incoming) -> Answer:
    """Ask until when to keep it, if the person may."""
    number = int(incoming.value["b"])
    found = await booking.check_may_extend(desk.work, desk.catalogs, incoming.actor, number)
    return Open(extend_form(await booking_of(desk, number), found.end_at + USUAL))


async def submit_extension(desk: Desk, incoming: Incoming) -> Answer:
    """Keep it longer."""
    number, until = int(incoming.metadata["b"]), moment(incoming.fields, "until")
    await booking.extend_booking(desk.work, desk.catalogs, incoming.actor, number, until)
    return Nothing()


async def _give_back(desk: Desk, incoming: Incoming, number: int) -> Answer:
    done = await booking.release_booking(desk.work, desk.catalogs, incoming.actor, number)
    return Tell(given_back(await booking_of(desk, number), again=done.again))


async def _list(desk: Desk, offset: int) -> Answer:
    async with desk.work.database.reporting() as session:
        catalog = await desk.catalogs.current(session)
        named = catalog.environments
        page = [
            await queries.use_of(session, catalog, one, desk.clock.now(), sizes.BOOKINGS_IN_LIST)
            for one in named[offset : offset + sizes.ENVIRONMENTS_PAGE]
        ]
    following = offset + sizes.ENVIRONMENTS_PAGE if offset + sizes.ENVIRONMENTS_PAGE < len(named) else None
    return Tell(environment_list(page, len(named), following))


async def booking_of(desk: Desk, number: int) -> BookingRecord:
    """The booking with this number, to be shown."""
    async with desk.work.database.reading() as session:
        return await queries.booking(session, await desk.catalogs.current(session), number)


async def _catalog(desk: Desk) -> Catalog:
    async with desk.work.database.reading() as session:
        return await desk.catalogs.current(session)


_TEXTS = ("environment", "purpose", "release", "versions", "test_data")

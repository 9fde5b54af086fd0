"""One environment in full: all its bookings, what is in it, and saying that where no deployment does."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from handlers.environments.bookings import COMMAND
from messages.environments.contents import (
    CONTENTS_FORM,
    MORE_CONTENTS,
    SAY,
    contents_form,
    contents_said,
    more_contents,
)
from messages.environments.overview import MORE_BOOKINGS, environment_shown, more_bookings
from messages.kit import sizes
from models.environments import queries
from models.environments.contents import contents
from models.environments.contents_form import check_may_say, may_say, say_contents
from models.environments.lookup import find_environment


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb(COMMAND, "show", "ENVIRONMENT", help="show one environment and what is in it")(show)
    registry.action(MORE_BOOKINGS)(show_more_bookings)
    registry.action(MORE_CONTENTS)(show_more_contents)
    registry.action(SAY)(ask_what_is_in_it)
    registry.view(CONTENTS_FORM)(submit_contents)


async def show(desk: Desk, incoming: Incoming) -> Answer:
    """One environment, for the person who asked."""
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        found = find_environment(catalog, incoming.text)
        now = desk.clock.now()
        shown = await queries.environment(session, catalog, found, now, sizes.BOOKINGS)
        may = await may_say(session, catalog, found, incoming.person, now)
    return Tell(environment_shown(shown, may_say=may))


async def show_more_bookings(desk: Desk, incoming: Incoming) -> Answer:
    """A page of everything that is booked in an environment or waits for it."""
    key, offset = str(incoming.value["e"]), int(incoming.value["o"])
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        found = find_environment(catalog, key)
        now = desk.clock.now()
        page, count = await queries.open_bookings(session, catalog, found, now, offset, sizes.BOOKINGS_PAGE)
    return Tell(more_bookings(found.name, key, page, offset, count))


async def show_more_contents(desk: Desk, incoming: Incoming) -> Answer:
    """A further page of what is in an environment."""
    key, offset = str(incoming.value["e"]), int(incoming.value["o"])
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        found = find_environment(catalog, key)
        return Tell(more_contents(found.name, key, await contents(session, catalog, key), offset))


async def ask_what_is_in_it(desk: Desk, incoming: Incoming) -> Answer:
    """Ask what is in an environment, if the person may say."""
    key = str(incoming.value["e"])
    await check_may_say(desk.work, desk.catalogs, incoming.actor, key)
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        found = find_environment(catalog, key)
        data = await queries.test_data(session, catalog, key, desk.clock.now())
    return Open(contents_form(found.name, key, data.name if data else ""))


async def submit_contents(desk: Desk, incoming: Incoming) -> Answer:
    """Record what the person says is in it."""
    key = str(incoming.metadata["e"])
    versions, data = (written(incoming.fields, name) for name in ("versions", "test_data"))
    await say_contents(desk.work, desk.catalogs, incoming.actor, key, versions, data)
    async with desk.work.database.reading() as session:
        found = find_environment(await desk.catalogs.current(session), key)
    return Tell(contents_said(found.name, key))

"""Looking at environments: all of them, or one with its bookings and contents."""

from handlers.dispatch.answers import Answer, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command
from messages.environments.contents import MORE_CONTENTS, more_contents
from messages.environments.show import MORE, MORE_BOOKINGS, environment_list, environment_shown, more_bookings
from messages.kit import sizes
from models.environments import queries
from models.environments.contents import contents
from models.environments.lookup import find_environment
from models.environments.stated_contents import may_state_contents


@command("/environment", "list", help="who has what until when, and who waits")
async def list_environments(desk: Desk, _incoming: Incoming) -> Answer:
    return await _list(desk, 0)


@action(MORE)
async def list_more(desk: Desk, incoming: Incoming) -> Answer:
    return await _list(desk, int(incoming.value["o"]))


@command("/environment", "show", "ENVIRONMENT", help="show one environment and what is in it")
async def show(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        found = find_environment(catalog, incoming.text)
        shown = await queries.environment_record(snapshot.session, catalog, found, snapshot.now, sizes.BOOKINGS)
        may = await may_state_contents(snapshot.session, catalog, found, incoming.person, snapshot.now)
    return Tell(environment_shown(shown, may_say=may))


@action(MORE_BOOKINGS)
async def show_more_bookings(desk: Desk, incoming: Incoming) -> Answer:
    """A page of everything that is booked in an environment or waits for it."""
    key, offset = str(incoming.value["e"]), int(incoming.value["o"])
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        found = find_environment(catalog, key)
        page, count = await queries.open_bookings(
            snapshot.session, catalog, found, snapshot.now, offset, sizes.BOOKINGS_PAGE
        )
    return Tell(more_bookings(found.name, key, page, offset, count))


@action(MORE_CONTENTS)
async def show_more_contents(desk: Desk, incoming: Incoming) -> Answer:
    key, offset = str(incoming.value["e"]), int(incoming.value["o"])
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        found = find_environment(catalog, key)
        return Tell(more_contents(found.name, key, await contents(snapshot.session, catalog, key), offset))


async def _list(desk: Desk, offset: int) -> Answer:
    async with desk.work.reporting() as snapshot:
        catalog = await snapshot.catalog()
        page = catalog.environments[offset : offset + sizes.ENVIRONMENTS_PAGE]
        uses = [
            await queries.environment_use(snapshot.session, catalog, one, snapshot.now, sizes.BOOKINGS_IN_LIST)
            for one in page
        ]
    count, following = len(catalog.environments), offset + sizes.ENVIRONMENTS_PAGE
    return Tell(environment_list(uses, count, following if following < count else None))

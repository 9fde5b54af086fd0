"""Looking for known errors: search, list, show."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command
from messages.kit import sizes
from messages.support.known_errors import OPEN, details, known_error_list, known_error_shown, search_results
from models.support import queries
from models.support.arguments import parse_known_error_arguments
from models.support.numbers import read_known_error
from models.support.search import search


@command("/known-error", "search", "WORDS", help="find a known error and what to do about it")
async def search_words(desk: Desk, incoming: Incoming) -> Answer:
    catalog = await desk.catalog()
    async with desk.work.reporting() as snapshot:
        return Tell(search_results(await search(snapshot.session, catalog, incoming.text, sizes.SEARCH_RESULTS)))


@command("/known-error", "show", "KE-1", help="show one known error with its buttons")
async def show(desk: Desk, incoming: Incoming) -> Answer:
    number, _ = read_known_error(incoming.text)
    return await tell_known_error(desk, number)


@command("/known-error", "list", "[service] [resolved]", help="list unresolved known errors")
async def list_known_errors(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        wanted = parse_known_error_arguments(incoming.text, catalog)
        found = await queries.list_known_errors(
            snapshot.session,
            catalog,
            service=wanted.service,
            resolved=wanted.resolved,
            limit=sizes.KNOWN_ERRORS_PAGE + 1,
        )
    return Tell(
        known_error_list(
            found[: sizes.KNOWN_ERRORS_PAGE], wanted.heading, more=len(found) > sizes.KNOWN_ERRORS_PAGE
        )
    )


@action(OPEN)
async def open_details(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        return Open(details(await queries.known_error_record(snapshot.session, catalog, int(incoming.value["k"]))))


async def tell_known_error(desk: Desk, number: int, news: str = "") -> Answer:
    """The known error as it is now; ``news`` says what has just happened to it."""
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        return Tell(known_error_shown(await queries.known_error_record(snapshot.session, catalog, number), news))

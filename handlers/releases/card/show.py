"""Looking at releases: list, show, details, history."""

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.dispatch.answers import Answer, Open, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import Registry
from messages.kit import sizes
from messages.kit.blocks import Message
from messages.releases.action_ids import DETAILS
from messages.releases.card.details import details, release_shown
from messages.releases.card.history import OLDER, history
from messages.releases.card.lists import LIST_EARLIER, LIST_LATER, release_list
from models.catalog.document import Catalog
from models.lifecycle.identifiers import find_release, load_release
from models.releases.card import lists, queries
from models.releases.card.available_verbs import Offer, offered
from models.releases.card.list_arguments import parse_list_arguments
from models.releases.card.records import ReleaseCard


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "list", "[service] [state] [mine]", help="list open releases, or those in a state")(
        list_releases
    )
    registry.verb("/release", "show", "ID", help="show one release with its buttons")(show_release)
    registry.verb("/release", "history", "ID", help="show who did what, when and why")(show_history)
    registry.action(DETAILS)(show_details)
    registry.action(OLDER)(show_older)
    registry.action(LIST_EARLIER)(turn_list)
    registry.action(LIST_LATER)(turn_list)


async def list_releases(desk: Desk, incoming: Incoming) -> Answer:
    """The releases that the words after the verb name."""
    return Tell(await _list(desk, incoming, incoming.text, 0))


async def turn_list(desk: Desk, incoming: Incoming) -> Answer:
    """Earlier or later releases, in the place of these."""
    return Replace(await _list(desk, incoming, str(incoming.value["q"]), int(incoming.value["o"])))


async def _list(desk: Desk, incoming: Incoming, words: str, offset: int) -> Message:
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        wanted = parse_list_arguments(words, catalog)
        lines = await lists.release_lines(
            session,
            service=wanted.service,
            state=wanted.state,
            requester=incoming.person if wanted.mine else "",
            limit=sizes.RELEASES_PAGE + 1,
            offset=offset,
        )
    more = len(lines) > sizes.RELEASES_PAGE
    return release_list(lines[: sizes.RELEASES_PAGE], wanted.heading, more=more, words=wanted.words, offset=offset)


async def show_release(desk: Desk, incoming: Incoming) -> Answer:
    """One release, for the person who asked."""
    async with desk.work.database.reading() as session:
        release, _ = await find_release(session, incoming.text)
        catalog = await desk.catalogs.current(session)
        return Tell(release_shown(*await _seen(desk, incoming, session, catalog, release.id)))


async def show_details(desk: Desk, incoming: Incoming) -> Answer:
    """Everything about a release in a modal."""
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        return Open(details(*await _seen(desk, incoming, session, catalog, int(incoming.value["r"]))))


async def _seen(
    desk: Desk, incoming: Incoming, session: AsyncSession, catalog: Catalog, release_id: int
) -> tuple[ReleaseCard, Offer]:
    """A release, and what it offers to the person who looks at it."""
    offer = await offered(session, catalog, release_id, incoming.person, desk.work.clock.now())
    return await queries.card(session, catalog, release_id), offer


async def show_history(desk: Desk, incoming: Incoming) -> Answer:
    """The audit trail of a release."""
    async with desk.work.database.reading() as session:
        release, _ = await find_release(session, incoming.text)
    return await _history(desk, release.id, None)


async def show_older(desk: Desk, incoming: Incoming) -> Answer:
    """Earlier entries of the audit trail."""
    return await _history(desk, int(incoming.value["r"]), int(incoming.value["b"]))


async def _history(desk: Desk, release_id: int, before: int | None) -> Answer:
    async with desk.work.database.reading() as session:
        release = await load_release(session, release_id)
        entries = await queries.history(session, release_id, sizes.HISTORY_PAGE + 1, before)
    shown = entries[: sizes.HISTORY_PAGE]
    older = shown[-1].id if len(entries) > sizes.HISTORY_PAGE else None
    return Tell(history(release.identifier, shown, older=older, release_id=release_id))

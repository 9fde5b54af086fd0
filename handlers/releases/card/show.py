"""Looking at releases: list, show, details, history."""

from handlers.dispatch.answers import Answer, Open, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command
from handlers.releases.identifiers import release_named
from messages.kit import sizes
from messages.kit.blocks import Message
from messages.releases.action_ids import DETAILS
from messages.releases.card.details import details, release_shown
from messages.releases.card.history import OLDER, history
from messages.releases.card.lists import LIST_EARLIER, LIST_LATER, release_list
from models.lifecycle.identifiers import find_release, load_release
from models.releases.card import queries
from models.releases.card import release_lines as lists
from models.releases.card.available_verbs import AvailableVerbs, available_verbs
from models.releases.card.list_arguments import parse_list_arguments
from models.releases.card.records import ReleaseCard
from models.unit_of_work import Snapshot


@command("/release", "list", "[service] [state] [mine]", help="list open releases, or those in a state")
async def list_releases(desk: Desk, incoming: Incoming) -> Answer:
    return Tell(await _list(desk, incoming, incoming.text, 0))


@action(LIST_EARLIER, LIST_LATER)
async def turn_list(desk: Desk, incoming: Incoming) -> Answer:
    return Replace(await _list(desk, incoming, str(incoming.value["q"]), int(incoming.value["o"])))


async def _list(desk: Desk, incoming: Incoming, words: str, offset: int) -> Message:
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        wanted = parse_list_arguments(words, catalog)
        lines = await lists.release_lines(
            snapshot.session,
            snapshot.now,
            service=wanted.service,
            state=wanted.state,
            requester=incoming.person if wanted.mine else "",
            limit=sizes.RELEASES_PAGE + 1,
            offset=offset,
        )
    more = len(lines) > sizes.RELEASES_PAGE
    return release_list(lines[: sizes.RELEASES_PAGE], wanted.heading, more=more, words=wanted.words, offset=offset)


@command("/release", "show", "ID", help="show one release with its buttons")
async def show_release(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reading() as snapshot:
        release, _ = await find_release(snapshot.session, incoming.text)
        return Tell(release_shown(*await _read(snapshot, incoming.person, release.id)))


@action(DETAILS)
async def show_details(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reading() as snapshot:
        return Open(details(*await _read(snapshot, incoming.person, int(incoming.value["r"]))))


async def _read(snapshot: Snapshot, person: str, release_id: int) -> tuple[ReleaseCard, AvailableVerbs]:
    """A release, and what it offers to ``person``, who looks at it."""
    offer = await available_verbs(snapshot, release_id, person)
    return await queries.release_card(snapshot.session, await snapshot.catalog(), release_id), offer


@command("/release", "history", "ID", help="show who did what, when and why")
async def show_history(desk: Desk, incoming: Incoming) -> Answer:
    release_id, _ = await release_named(desk, incoming)
    return await _history(desk, release_id, None)


@action(OLDER)
async def show_older(desk: Desk, incoming: Incoming) -> Answer:
    return await _history(desk, int(incoming.value["r"]), int(incoming.value["b"]))


async def _history(desk: Desk, release_id: int, before: int | None) -> Answer:
    async with desk.work.reading() as snapshot:
        release = await load_release(snapshot.session, release_id)
        entries = await queries.release_history(snapshot.session, release_id, sizes.HISTORY_PAGE + 1, before)
    shown = entries[: sizes.HISTORY_PAGE]
    older = shown[-1].id if len(entries) > sizes.HISTORY_PAGE else None
    return Tell(history(release.identifier, shown, older=older, release_id=release_id))

"""Known errors: record, search, list, show, resolve; and their buttons."""

from handlers.dispatch.answers import Answer, Choices, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, all_written, new_nonce, written
from handlers.dispatch.registry import Registry
from handlers.dispatch.slack_text import as_typed
from messages.kit import sizes
from messages.services.menu import service_options
from messages.support.incidents import linked
from messages.support.known_error_forms import (
    LINK_FORM,
    RECORD_FROM_MESSAGE,
    RELEASE_SEARCH,
    RESOLVE_FORM,
    SERVICE_SEARCH,
    WORKAROUND_FORM,
    link_form,
    record_form,
    release_options,
    resolve_form,
    workaround_form,
)
from messages.support.known_errors import (
    EDIT,
    LINK,
    OPEN,
    RECORD,
    REOPEN,
    RESOLVE,
    details,
    known_error_list,
    known_error_shown,
    news,
    search_results,
)
from models.catalog.document import Catalog
from models.support import queries
from models.support import resolve as resolving
from models.support.arguments import parse_known_error_arguments
from models.support.forms import KnownErrorForm
from models.support.links import link_incident
from models.support.numbers import read_incident, read_known_error
from models.support.record import record_known_error
from models.support.resolve import Done
from models.support.search import search

COMMAND = "/known-error"


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb(COMMAND, "search", "WORDS", help="find a known error and what to do about it")(search_words)
    registry.verb(COMMAND, "show", "KE-1", help="show one known error with its buttons")(show)
    registry.verb(COMMAND, "list", "[service] [resolved]", help="list unresolved known errors")(list_known_errors)
    registry.verb(COMMAND, "record", "[title]", help="record a known error")(open_record)
    registry.verb(COMMAND, "resolve", "KE-1 [how]", help="close a known error that is solved")(resolve_by_command)
    registry.shortcut(RECORD_FROM_MESSAGE)(open_record_from_message)
    registry.action(RECORD)(open_record_from_search)
    registry.view(RECORD)(submit_record)
    registry.option(SERVICE_SEARCH)(find_service)
    registry.option(RELEASE_SEARCH)(find_release)
    registry.action(OPEN)(open_details)
    registry.action(LINK)(ask_for_incident)
    registry.view(LINK_FORM)(submit_link)
    registry.action(RESOLVE)(ask_how_solved)
    registry.view(RESOLVE_FORM)(submit_resolve)
    registry.action(REOPEN)(reopen)
    registry.action(EDIT)(ask_for_workaround)
    registry.view(WORKAROUND_FORM)(submit_workaround)


async def search_words(desk: Desk, incoming: Incoming) -> Answer:
    """The known errors that the words are about, with what to do."""
    catalog = await _catalog(desk)
    async with desk.work.database.reporting() as session:
        return Tell(search_results(await search(session, catalog, incoming.text, sizes.SEARCH_RESULTS)))


async def show(desk: Desk, incoming: Incoming) -> Answer:
    """One known error, for the person who asked."""
    return await _shown(desk, read_known_error(incoming.text)[0])


async def list_known_errors(desk: Desk, incoming: Incoming) -> Answer:
    """The known errors that the words after the verb name."""
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        wanted = parse_known_error_arguments(incoming.text, catalog)
        found = await queries.list_known_errors(
            session, catalog, service=wanted.service, resolved=wanted.resolved, limit=sizes.KNOWN_ERRORS_PAGE + 1
        )
    return Tell(
        known_error_list(
            found[: sizes.KNOWN_ERRORS_PAGE], wanted.heading, more=len(found) > sizes.KNOWN_ERRORS_PAGE
        )
    )


async def open_record(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Record a known error*; in a service's channel that service is chosen already."""
    return await _record_form(desk, incoming, title=incoming.text)


async def open_record_from_search(desk: Desk, incoming: Incoming) -> Answer:
    """Open the form with the words that nothing was found for."""
    return await _record_form(desk, incoming, title=str(incoming.value.get("t") or ""))


async def open_record_from_message(desk: Desk, incoming: Incoming) -> Answer:
    """Open the form with a message as the symptom."""
    text = as_typed(str((incoming.payload.get("message") or {}).get("text") or ""))
    return await _record_form(desk, incoming, title=text.strip().partition("\n")[0], symptom=text)


async def submit_record(desk: Desk, incoming: Incoming) -> Answer:
    """Record the known error and show it."""
    entered = all_written(incoming.fields)
    form = KnownErrorForm(
        title=entered.get("title", ""),
        service=entered.get("service", ""),
        symptom=entered.get("symptom", ""),
        workaround=entered.get("workaround", ""),
        severity=entered.get("severity", ""),
        release_id=int(entered["release"]) if entered.get("release") else None,
        test_id=incoming.metadata.get("t"),
    )
    made = await record_known_error(desk.work, desk.catalogs, incoming.actor, form, str(incoming.metadata["f"]))
    return await _shown(desk, made.id, news("recorded", made.number, form.title))


async def find_service(desk: Desk, incoming: Incoming) -> Answer:
    """The services that match what is typed."""
    return Choices(service_options((await _catalog(desk)).services, incoming.text))


async def find_release(desk: Desk, incoming: Incoming) -> Answer:
    """The latest releases that match what is typed, of the service if one is chosen."""
    service = written(incoming.fields, "service")
    async with desk.work.database.reading() as session:
        return Choices(release_options(await queries.releases_like(session, service, incoming.text)))


async def open_details(desk: Desk, incoming: Incoming) -> Answer:
    """Everything about a known error in a modal."""
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        return Open(details(await queries.known_error_record(session, catalog, int(incoming.value["k"]))))


async def ask_for_incident(_desk: Desk, incoming: Incoming) -> Answer:
    """Ask which incident to link."""
    return Open(link_form(int(incoming.value["k"])))


async def submit_link(desk: Desk, incoming: Incoming) -> Answer:
    """Link the incident."""
    number = read_incident(written(incoming.fields, "incident"))
    known_errors = [int(incoming.metadata["k"])]
    return Tell(linked(await link_incident(desk.work, incoming.actor, number, known_errors)))


async def ask_how_solved(desk: Desk, incoming: Incoming) -> Answer:
    """Ask how it was solved, if the person may resolve it."""
    number = int(incoming.value["k"])
    found = await resolving.check_may_resolve(desk.work, desk.catalogs, incoming.actor, number)
    return await _told(desk, "resolved", found) if found.again else Open(resolve_form(found.id, found.title))


async def submit_resolve(desk: Desk, incoming: Incoming) -> Answer:
    """Resolve it, with what the person wrote."""
    return await _resolve(desk, incoming, int(incoming.metadata["k"]), written(incoming.fields, "solution"))


async def resolve_by_command(desk: Desk, incoming: Incoming) -> Answer:
    """Resolve it; the words after the number say how."""
    return await _resolve(desk, incoming, *read_known_error(incoming.text))


async def reopen(desk: Desk, incoming: Incoming) -> Answer:
    """Open it again."""
    number = int(incoming.value["k"])
    done = await resolving.reopen_known_error(desk.work, desk.catalogs, incoming.actor, number)
    return await _told(desk, "reopened", done)


async def ask_for_workaround(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for the workaround, if the person may write it."""
    number = int(incoming.value["k"])
    found = await resolving.check_may_edit_workaround(desk.work, desk.catalogs, incoming.actor, number)
    return Open(workaround_form(found.id, found.title, found.workaround))


async def submit_workaround(desk: Desk, incoming: Incoming) -> Answer:
    """Save the workaround."""
    text = written(incoming.fields, "workaround")
    number = int(incoming.metadata["k"])
    done = await resolving.change_workaround(desk.work, desk.catalogs, incoming.actor, number, text)
    return await _told(desk, "workaround", done)


async def _resolve(desk: Desk, incoming: Incoming, number: int, solution: str) -> Answer:
    done = await resolving.resolve_known_error(desk.work, desk.catalogs, incoming.actor, number, solution)
    return await _told(desk, "resolved", done)


async def _told(desk: Desk, kind: str, done: Done) -> Answer:
    return await _shown(desk, done.id, news(kind, done.number, done.title, again=done.again))


async def _shown(desk: Desk, number: int, said: str = "") -> Answer:
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        return Tell(known_error_shown(await queries.known_error_record(session, catalog, number), said))


async def _record_form(desk: Desk, incoming: Incoming, title: str, symptom: str = "") -> Answer:
    catalog = await _catalog(desk)
    service = catalog.in_channel(incoming.channel)
    entered = {"title": title, "symptom": symptom, "service": service.key if service else ""}
    return Open(record_form(catalog, entered, new_nonce()))


async def _catalog(desk: Desk) -> Catalog:
    async with desk.work.database.reading() as session:
        return await desk.catalogs.current(session)

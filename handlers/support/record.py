"""Recording a known error: from a command, from a search that found nothing, from a message."""

from handlers.dispatch.answers import Answer, Choices, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import Entered, new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, options, shortcut, view
from handlers.dispatch.slack_text import message_as_typed
from handlers.support.known_errors import tell_known_error
from messages.kit.inputs import keyed_options
from messages.support.known_error_forms import (
    RECORD_FROM_MESSAGE,
    RELEASE_SEARCH,
    SERVICE_SEARCH,
    record_form,
    release_options,
)
from messages.support.known_errors import RECORD, news
from models.lifecycle.release_choices import releases_like
from models.support.forms import KnownErrorForm
from models.support.recording import record_known_error


@command("/known-error", "record", "[title]", help="record a known error")
async def open_record(desk: Desk, incoming: Incoming) -> Answer:
    return await _record_form(desk, incoming, title=incoming.text)


@action(RECORD)
async def open_record_from_search(desk: Desk, incoming: Incoming) -> Answer:
    """Open the form with the words that nothing was found for."""
    return await _record_form(desk, incoming, title=str(incoming.value.get("t") or ""))


@shortcut(RECORD_FROM_MESSAGE)
async def open_record_from_message(desk: Desk, incoming: Incoming) -> Answer:
    """Open the form with a message as the symptom."""
    text = message_as_typed(str((incoming.payload.get("message") or {}).get("text") or ""))
    return await _record_form(desk, incoming, title=text.strip().partition("\n")[0], symptom=text)


@view(RECORD)
async def record(desk: Desk, incoming: Incoming) -> Answer:
    form = _known_error_entered(incoming.fields, incoming.metadata.get("t"))
    made = await record_known_error(desk.work, incoming.actor, form, incoming.nonce)
    return await tell_known_error(desk, made.id, news("recorded", made.number, form.title))


@options(SERVICE_SEARCH)
async def find_service(desk: Desk, incoming: Incoming) -> Answer:
    return Choices(keyed_options((await desk.catalog()).services, incoming.text))


@options(RELEASE_SEARCH)
async def find_release(desk: Desk, incoming: Incoming) -> Answer:
    """The latest releases that match what is typed, of the service if one is chosen."""
    service = incoming.fields.text("service")
    async with desk.work.reading() as snapshot:
        return Choices(release_options(await releases_like(snapshot.session, service, incoming.text)))


async def _record_form(desk: Desk, incoming: Incoming, title: str, symptom: str = "") -> Answer:
    """The form; in a service's channel that service is chosen already."""
    catalog = await desk.catalog()
    service = catalog.in_channel(incoming.channel)
    entered = {"title": title, "symptom": symptom, "service": service.key if service else ""}
    return Open(record_form(catalog, entered, new_nonce()))


def _known_error_entered(fields: Entered, test_id: int | None) -> KnownErrorForm:
    release = fields.text("release")
    return KnownErrorForm(
        title=fields.text("title"),
        service=fields.text("service"),
        symptom=fields.text("symptom"),
        workaround=fields.text("workaround"),
        severity=fields.text("severity"),
        release_id=int(release) if release else None,
        test_id=test_id,
    )

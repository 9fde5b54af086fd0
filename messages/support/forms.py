"""The modals of known errors and incidents. Labels and titles are a contract: people script them."""

from collections.abc import Mapping, Sequence
from typing import Any

from messages.kit.blocks import (
    SELECT_LIMIT,
    Block,
    Element,
    input_block,
    modal,
    option,
    plain_text,
    section,
    select,
    text_input,
)
from messages.kit.text import cut, say
from messages.releases.request.service_menu import service_options
from messages.support.known_errors import RECORD
from models.catalog.document import Catalog
from models.lifecycle.release_choices import ReleaseChoice
from models.limits import NUMBER_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from models.releases.activities.records import Failure
from models.support.forms import SEVERITIES
from models.support.numbers import known_error_number

RECORD_FROM_MESSAGE = "known_error:record_from_message"
"""The callback id of the message shortcut *Record a known error*."""

SERVICE_SEARCH = "known_error:service_search"

RELEASE_SEARCH = "known_error:release_search"

LINK_FORM = "known_error:link_form"

RESOLVE_FORM = "known_error:resolve_form"

WORKAROUND_FORM = "known_error:workaround_form"

INCIDENT_LINK_FORM = "incident:link_form"


def record_form(
    catalog: Catalog,
    entered: Mapping[str, str],
    nonce: str,
    found_in: ReleaseChoice | None = None,
    test: int | None = None,
) -> dict[str, Any]:
    """*Record a known error*, with what is ``entered`` so far; ``nonce`` makes submitting it twice harmless.

    ``found_in`` is the release it was found in, ``test`` the failed test that it explains.
    """
    if not catalog.services:
        return modal(RECORD, "Record a known error", [section(say("no_catalog"))], close="Close")
    title = text_input(initial=cut(entered.get("title", ""), TITLE_LIMIT), max_length=TITLE_LIMIT)
    release = _search(RELEASE_SEARCH, "Type an identifier")
    if found_in:
        release["initial_option"] = release_options([found_in])[0]
    severities = [option(name, name) for name in SEVERITIES]
    return modal(
        RECORD,
        "Record a known error",
        [
            input_block("title", "Title", title),
            _service(catalog, entered.get("service", "")),
            input_block("symptom", "Symptom", _long(entered.get("symptom", "")), hint="What people see."),
            input_block("workaround", "Workaround", _long(), optional=True, hint="What they can do meanwhile."),
            input_block("severity", "Severity", select("value", severities, "medium")),
            input_block("release", "Found in release", release, optional=True),
        ],
        submit="Record",
        metadata={"f": nonce, **({"t": test} if test else {})},
    )


def failure_form(catalog: Catalog, failed: Failure, test_id: int, nonce: str) -> dict[str, Any]:
    """The same with what failed in a test; what comes of it explains the failure."""
    entered = {"title": f"{failed.component} fails", "symptom": failed.note, "service": failed.service}
    found_in = ReleaseChoice(failed.release_id, failed.identifier, failed.title)
    return record_form(catalog, entered, nonce, found_in=found_in, test=test_id)


def release_options(releases: Sequence[ReleaseChoice]) -> list[Element]:
    """Releases as options of a menu."""
    return [option(cut(f"{one.identifier} {one.title}", 75), str(one.id)) for one in releases[:SELECT_LIMIT]]


def link_form(known_error: int) -> dict[str, Any]:
    """Ask which incident this known error explains."""
    number = text_input(max_length=NUMBER_LIMIT, placeholder="INC0000045")
    return modal(
        LINK_FORM,
        "Link an incident",
        [
            section(say("link_intro", number=known_error_number(known_error))),
            input_block("incident", "Incident number", number, hint="One that is not known yet is recorded."),
        ],
        submit="Link",
        metadata={"k": known_error},
    )


def incident_link_form(incident: str) -> dict[str, Any]:
    """Ask which known errors explain this incident."""
    return modal(
        INCIDENT_LINK_FORM,
        "Link a known error",
        [
            section(say("incident_link_intro", incident=incident)),
            input_block("known_error", "Known error", text_input(max_length=150, placeholder="KE-1")),
        ],
        submit="Link",
        metadata={"i": incident},
    )


def resolve_form(known_error: int, title: str) -> dict[str, Any]:
    """Ask how a known error was solved."""
    return modal(
        RESOLVE_FORM,
        f"Resolve {known_error_number(known_error)}",
        [
            section(say("resolve_intro", title=title)),
            input_block("solution", "How it was solved", _long(), optional=True),
        ],
        submit="Resolve",
        metadata={"k": known_error},
    )


def workaround_form(known_error: int, title: str, workaround: str) -> dict[str, Any]:
    """Ask how to get round a known error."""
    return modal(
        WORKAROUND_FORM,
        f"Workaround {known_error_number(known_error)}",
        [
            section(say("workaround_intro", title=title)),
            input_block("workaround", "Workaround", _long(workaround), optional=True),
        ],
        submit="Save",
        metadata={"k": known_error},
    )


def _service(catalog: Catalog, chosen: str) -> Block:
    if len(catalog.services) <= SELECT_LIMIT:
        only = catalog.services[0].key if len(catalog.services) == 1 else chosen
        element = select("value", service_options(catalog.services), only, "Choose a service")
    else:
        element = _search(SERVICE_SEARCH, "Type a service's key or name")
        service = catalog.by_key.get(chosen)
        if service:
            element["initial_option"] = service_options([service])[0]
    return input_block("service", "Service", element)


def _search(action_id: str, placeholder: str) -> Element:
    return {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": plain_text(placeholder, 150),
    }


def _long(initial: str = "") -> Element:
    return text_input(initial=cut(initial, TEXT_LIMIT), multiline=True, max_length=TEXT_LIMIT)

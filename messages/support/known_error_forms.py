"""The modals of known errors. Labels and titles are a contract: people script them."""

from collections.abc import Mapping, Sequence

from messages.kit import slack_limits
from messages.kit.blocks import Element, View, modal, option, section
from messages.kit.inputs import input_block, keyed_menu, search_select, select, text_area, text_input
from messages.kit.text import cut, say
from messages.support.known_errors import RECORD
from models.catalog.document import Catalog
from models.lifecycle.release_choices import ReleaseChoice
from models.limits import NUMBER_LIMIT, TITLE_LIMIT
from models.releases.activities.records import FailedTest
from models.support.forms import SEVERITIES
from models.support.numbers import known_error_number

RECORD_FROM_MESSAGE = "known_error:record_from_message"
"""The message shortcut *Record a known error*."""

SERVICE_SEARCH = "known_error:service_search"

RELEASE_SEARCH = "known_error:release_search"

LINK_FORM = "known_error:link_form"

RESOLVE_FORM = "known_error:resolve_form"

WORKAROUND_FORM = "known_error:workaround_form"


def record_form(
    catalog: Catalog,
    entered: Mapping[str, str],
    nonce: str,
    found_in: ReleaseChoice | None = None,
    test: int | None = None,
) -> View:
    """*Record a known error*; ``nonce`` makes submitting it twice harmless.

    ``found_in`` is the release it was found in, ``test`` the failed test that it explains.
    """
    if not catalog.services:
        return modal(RECORD, "Record a known error", [section(say("services.none"))], close="Close")
    title = text_input(initial=cut(entered.get("title", ""), TITLE_LIMIT), max_length=TITLE_LIMIT)
    found = release_options([found_in])[0] if found_in else None
    release = search_select(RELEASE_SEARCH, "Type an identifier", found)
    services = catalog.services
    chosen = services[0].key if len(services) == 1 else entered.get("service", "")
    menu = keyed_menu("a service", services, chosen, SERVICE_SEARCH)
    severities = [option(name, name) for name in SEVERITIES]
    return modal(
        RECORD,
        "Record a known error",
        [
            input_block("title", "Title", title),
            input_block("service", "Service", menu),
            input_block("symptom", "Symptom", text_area(entered.get("symptom", "")), hint="What people see."),
            input_block("workaround", "Workaround", text_area(), optional=True, hint="What they can do meanwhile."),
            input_block("severity", "Severity", select("value", severities, "medium")),
            input_block("release", "Found in release", release, optional=True),
        ],
        submit="Record",
        metadata={"f": nonce, **({"t": test} if test else {})},
    )


def failure_form(catalog: Catalog, failed: FailedTest, test_id: int, nonce: str) -> View:
    """The same, filled in from a failed test, which the known error then explains."""
    entered = {"title": f"{failed.component} fails", "symptom": failed.note, "service": failed.service}
    found_in = ReleaseChoice(failed.release_id, failed.identifier, failed.title)
    return record_form(catalog, entered, nonce, found_in=found_in, test=test_id)


def release_options(releases: Sequence[ReleaseChoice]) -> list[Element]:
    """Releases as options of a menu."""
    shown = releases[: slack_limits.MENU_OPTIONS]
    return [option(f"{one.identifier} {one.title}", str(one.id)) for one in shown]


def link_form(known_error: int) -> View:
    """Ask which incident the known error explains."""
    number = text_input(max_length=NUMBER_LIMIT, placeholder="INC0000045")
    return modal(
        LINK_FORM,
        "Link an incident",
        [
            section(say("support.link_intro", number=known_error_number(known_error))),
            input_block("incident", "Incident number", number, hint="One that is not known yet is recorded."),
        ],
        submit="Link",
        metadata={"k": known_error},
    )


def resolve_form(known_error: int, title: str) -> View:
    """Ask how a known error was solved."""
    return modal(
        RESOLVE_FORM,
        f"Resolve {known_error_number(known_error)}",
        [
            section(say("support.resolve_intro", title=title)),
            input_block("solution", "How it was solved", text_area(), optional=True),
        ],
        submit="Resolve",
        metadata={"k": known_error},
    )


def workaround_form(known_error: int, title: str, workaround: str) -> View:
    """Ask how to get round a known error."""
    return modal(
        WORKAROUND_FORM,
        f"Workaround {known_error_number(known_error)}",
        [
            section(say("support.workaround_intro", title=title)),
            input_block("workaround", "Workaround", text_area(workaround), optional=True),
        ],
        submit="Save",
        metadata={"k": known_error},
    )

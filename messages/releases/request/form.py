"""The modal in which a release is requested or edited. Labels and titles are a contract: people script them."""

from dataclasses import dataclass
from datetime import datetime

from messages.kit import sizes
from messages.kit.blocks import Block, View, modal, option, section
from messages.kit.inputs import Entered, input_block, keyed_menu, moment_picker, select, text_input
from messages.kit.text import cut, say
from messages.releases.policy import check_blocks
from messages.releases.request.edit_cost import cost_blocks
from models.catalog.document import Catalog, Service
from models.limits import TEXT_LIMIT, TITLE_LIMIT
from models.releases.policy.free_windows import PolicyCheck
from models.releases.request.records import EditCost
from models.time.spans import Span, parse_span, say_span

REQUEST = "release:request"
"""The modal, and the global shortcut that opens it."""

EDIT_FORM = "release:edit_form"

SERVICE = "release:service"

SERVICE_SEARCH = "release:service_search"

TYPE = "release:type"

ITEMS = "release:items"

CHANGES = "release:changes"

WINDOW_START = "release:window_start"

WINDOW_END = "release:window_end"

METHOD = "release:method"

CHECKED = (SERVICE, SERVICE_SEARCH, TYPE, ITEMS, CHANGES, WINDOW_START, WINDOW_END, METHOD)
"""The inputs whose change has policy judged again."""


@dataclass(frozen=True, slots=True)
class Editing:
    """The release that is edited; ``mark`` tells what the form began with, ``cost`` what saving it would cost."""

    release_id: int
    round: int
    identifier: str
    resubmit: bool
    mark: str = ""
    cost: EditCost | None = None


def request_form(catalog: Catalog, entered: Entered, nonce: str, check: PolicyCheck | None = None) -> View:
    """*Request a release*; ``nonce`` makes submitting it twice harmless, ``check`` is what policy says of it."""
    if not catalog.services:
        return modal(REQUEST, "Request a release", [section(say("services.none"))], close="Close")
    return modal(
        REQUEST,
        "Request a release",
        [_service_input(catalog, entered), *_inputs(catalog, entered, check, new=True)],
        submit="Request",
        metadata={"f": nonce},
    )


def edit_form(catalog: Catalog, entered: Entered, editing: Editing, check: PolicyCheck | None = None) -> View:
    """The same for a release that exists, whose service stays. What the edit would cost stands above."""
    intro = section(say("request.edit_intro", identifier=editing.identifier, resubmit=editing.resubmit))
    return modal(
        EDIT_FORM,
        "Edit and resubmit" if editing.resubmit else "Edit the release",
        [intro, *cost_blocks(editing.cost), *_inputs(catalog, entered, check)],
        submit="Resubmit" if editing.resubmit else "Save",
        metadata={
            "r": editing.release_id,
            "n": editing.round,
            "s": entered["service"],
            "i": editing.identifier,
            "u": editing.resubmit,
            "c": editing.mark,
        },
    )


def _service_input(catalog: Catalog, entered: Entered) -> Block:
    chosen = entered.get("service") or (catalog.services[0].key if len(catalog.services) == 1 else "")
    menu = keyed_menu("a service", catalog.services, chosen, SERVICE_SEARCH, SERVICE)
    return input_block("service", "Service", menu, dispatch=True)


def _inputs(catalog: Catalog, entered: Entered, check: PolicyCheck | None, *, new: bool = False) -> list[Block]:
    """What policy judges comes first, with its findings right below."""
    service = catalog.by_key.get(entered.get("service") or "")
    if service is None and len(catalog.services) == 1:
        service = catalog.services[0]
    zone = str(catalog.zone(service))
    return [
        _type_input(catalog, service, entered),
        _moment(
            "window_start",
            "Window start",
            WINDOW_START,
            entered,
            f"You choose in your own time zone; the service is in {zone}.",
        ),
        _moment("window_end", "Window end", WINDOW_END, entered),
        _method_input(catalog, service, entered),
        *([_items_input(service, entered)] if new else []),
        *check_blocks(check),
        _text("title", "Title", entered, max_length=TITLE_LIMIT),
        _text("description", "What changes and why", entered, multiline=True),
        _changes_input(entered),
        _text("back_out_plan", "Back-out plan", entered, multiline=True),
    ]


def _type_input(catalog: Catalog, service: Service | None, entered: Entered) -> Block:
    services = [service] if service else catalog.services
    names = list(dict.fromkeys(name for one in services for name in one.policy.types))
    hint = ""
    if service:
        types = service.policy.types.items()
        notices = [f"{name} {say_span(kind.notice)}" for name, kind in types if parse_span(kind.notice) != Span()]
        hint = cut(f"Notice: {', '.join(notices)}.", 300) if notices else ""
    options = [option(name, name) for name in names]
    element = select(TYPE, options, entered.get("type"), "Choose a type")
    return input_block("type", "Type", element, hint=hint, dispatch=True)


def _method_input(catalog: Catalog, service: Service | None, entered: Entered) -> Block:
    services = [service] if service else catalog.services
    names = list(dict.fromkeys(name for one in services for name in one.methods))
    options = [option(name, name) for name in names]
    element = select(METHOD, options, entered.get("method"), "Choose a method")
    return input_block("method", "Deployment method", element, dispatch=True)


def _items_input(service: Service | None, entered: Entered) -> Block:
    """The configuration items that a new release brings; those of an existing one are in its package."""
    hint = "A key and a version each, such as pay-api 9.2.0; several with commas. Enter has them looked at."
    if service and service.configuration_items:
        known = [item.key for item in service.configuration_items]
        keys = ", ".join(known[: sizes.FORM_ITEMS]) + (" and others" if len(known) > sizes.FORM_ITEMS else "")
        example = f"{known[0]} {service.configuration_items[0].version}"
        hint = (
            f"A key and a version each, such as {example}; several with commas: {keys}. Enter has them looked at."
        )
    element = text_input(ITEMS, entered.get("items") or "", max_length=TEXT_LIMIT, enter=True)
    return input_block("items", "Configuration items", element, optional=True, hint=cut(hint, 300), dispatch=True)


def _changes_input(entered: Entered) -> Block:
    """Their number is part of the risk, so Enter has policy judged again."""
    hint = "Ids as change management gave them, such as CHG0000132; several with commas."
    element = text_input(CHANGES, entered.get("changes") or "", max_length=TEXT_LIMIT, enter=True)
    return input_block("changes", "Authorised changes", element, hint=hint, dispatch=True)


def _text(
    name: str,
    label: str,
    entered: Entered,
    *,
    multiline: bool = False,
    max_length: int = TEXT_LIMIT,
    hint: str = "",
) -> Block:
    element = text_input(initial=entered.get(name) or "", multiline=multiline, max_length=max_length)
    return input_block(name, label, element, hint=hint)


def _moment(name: str, label: str, action_id: str, entered: Entered, hint: str = "") -> Block:
    chosen = entered.get(name)
    if chosen and not isinstance(chosen, datetime):
        chosen = int(chosen)  # seconds, as Slack sends them
    return input_block(name, label, moment_picker(chosen, action_id), hint=hint, dispatch=True)

"""What can be wrong with a request: pure rules, each sentence under its field."""

from dataclasses import dataclass
from datetime import datetime

from models.catalog.allowed_choices import method_problem, type_problem
from models.catalog.document import Catalog, Service
from models.errors import Invalid
from models.limits import CHANGES_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from models.packages.change_ids import parse_changes
from models.packages.item_input import items_problem, read_items
from models.packages.tree import Node
from models.text import either, text_problem


@dataclass(frozen=True, kw_only=True)
class RequestForm:
    """What a person entered.

    ``changes`` is free text: ids separated by commas, spaces or lines. So is ``items``: a configuration item and
    its version each, separated by commas or lines. Only a new request has items; later they are in its package.
    """

    service: str
    type: str
    title: str
    description: str
    changes: str
    window_start: datetime | None
    window_end: datetime | None
    method: str
    back_out_plan: str
    items: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckedRequest:
    """Texts are trimmed; change ids are capitals and unique."""

    service: Service
    type: str
    title: str
    description: str
    changes: list[str]
    window_start: datetime
    window_end: datetime
    method: str
    back_out_plan: str
    items: tuple[Node, ...] = ()


def check_request(form: RequestForm, catalog: Catalog, now: datetime) -> CheckedRequest:
    """Raises :class:`~models.errors.Invalid` with every field that is wrong."""
    service = catalog.by_key.get(form.service)
    changes, bad_changes = parse_changes(form.changes)
    problems = {
        "service": "" if service else _no_service(form.service, catalog),
        "type": type_problem(form.type, service),
        "title": text_problem(form.title, TITLE_LIMIT, "Say a title."),
        "description": text_problem(form.description, TEXT_LIMIT, "Say what changes and why."),
        "changes": _changes_problem(changes, bad_changes),
        "items": items_problem(form.items, catalog.items_by_key, service.configuration_items if service else ()),
        "window_start": _start_problem(form.window_start, now),
        "window_end": _end_problem(form.window_start, form.window_end),
        "method": _method_problem(form.method, service),
        "back_out_plan": text_problem(form.back_out_plan, TEXT_LIMIT, "Say how to back out."),
    }
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong or service is None or form.window_start is None or form.window_end is None:
        raise Invalid(wrong)
    return CheckedRequest(
        service=service,
        type=form.type,
        title=" ".join(form.title.split()),
        description=form.description.strip(),
        changes=changes,
        window_start=form.window_start,
        window_end=form.window_end,
        method=form.method,
        back_out_plan=form.back_out_plan.strip(),
        items=tuple(read_items(form.items, catalog.items_by_key)),
    )


def _method_problem(method: str, service: Service | None) -> str:
    """While the service only tries the rule out, any method will do."""
    on_trial = service is not None and "method" in service.policy.observe
    return "" if method and on_trial else method_problem(method, service)


def _no_service(key: str, catalog: Catalog) -> str:
    if not catalog.services:
        return "No service is set up yet. Apply a catalog with: releasedesk catalog apply FILE."
    return f"{key or 'This'} is not a service of the catalog. Choose {either(sorted(catalog.by_key)[:10])}."


def _changes_problem(changes: list[str], bad: list[str]) -> str:
    if bad:
        return f"{bad[0][:40]!r} is not a change id. Write ids such as CHG0000132, separated by commas."
    if not changes:
        return "A release carries at least one authorised change. Write its id, such as CHG0000132."
    if len(changes) > CHANGES_LIMIT:
        return f"These are {len(changes)} changes; {CHANGES_LIMIT} is the most for one release."
    return ""


def _start_problem(start: datetime | None, now: datetime) -> str:
    if start is None:
        return "Say when the window starts."
    return "The window starts in the past. Choose a later start." if start <= now else ""


def _end_problem(start: datetime | None, end: datetime | None) -> str:
    if end is None:
        return "Say when the window ends."
    if start is not None and end <= start:
        return "The window ends before it starts. Choose a later end."
    return ""

"""Pieces of a release that several surfaces show in the same words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from messages.kit import rich
from messages.kit.blocks import Element
from messages.kit.states import sign, word
from messages.kit.text import cut
from models.calendar.schedule import ScheduleEntry
from models.catalog.roles import role_word
from models.kpi.outlook import ReleaseGoingOut
from models.releases.approval.records import Bypass, LateApprovals, RoleProgress
from models.releases.card.records import ReleaseCard, ReleaseLine

ASKED = 5
"""How many people are mentioned at most; beyond that a role stands for them."""

TITLE = 60
"""Characters of a title in a list of planned releases."""

BRIEF = timedelta(hours=12)
"""Up to this length a window's end is shown without its day."""

WITH_WEEKDAY = "{day_divider_pretty} {time}"


def progress_elements(progress: Sequence[RoleProgress]) -> list[Element | str]:
    """``release manager 1 of 1, owner 0 of 1``, and whom it waits for: they are mentioned, for they must act."""
    elements: list[Element | str] = []
    for role in progress:
        missing = len(role.approved_by) < role.needed
        words = f"{role_word(role.role)} {len(role.approved_by)} of {role.needed}"
        elements += [", " if elements else " - ", rich.words(words, bold=missing)]
        if role.approved_by:
            elements.append(f" ({', '.join(role.approved_by)})")
        if role.waiting:
            elements.append(" (")
            for index, subject in enumerate(role.waiting[:ASKED]):
                elements += [", " if index else "", rich.person(subject)]
            more = len(role.waiting) - ASKED
            elements.append(f" and {more} more)" if more > 0 else ")")
    return [one for one in elements if one != ""]


def bypass_elements(bypass: Bypass) -> list[Element | str]:
    """That somebody broke the glass; it stays said when a change has voided what they approved."""
    said = rich.words(f"Approved without its approvals by {bypass.person}", bold=True)
    return [said, ", before it was changed"] if bypass.earlier else [said]


def owed_elements(owed: LateApprovals) -> list[Element | str]:
    """``Approvals afterwards - owner 0 of 1 ... until Fri``: whom it waits for is mentioned, for they must act."""
    elements: list[Element | str] = [rich.words("Approvals afterwards", bold=True)]
    elements += progress_elements(owed.progress)
    if owed.completed_at:
        return [*elements, " - complete, but late" if owed.late else " - complete"]
    until = rich.date(owed.due_at, "{date_long_pretty} {time}")
    return [*elements, " - late since " if owed.late else " - until ", until]


def window_elements(card: ReleaseCard) -> list[Element | str]:
    """When, how and by whom."""
    return [
        "Window ",
        *window_span(card.window_start, card.window_end, "{date_long_pretty} {time}", bold=True),
        f" - {card.method} - requested by {card.requester_name}",
    ]


def window_span(start: datetime, end: datetime, form: str = WITH_WEEKDAY, *, bold: bool = False) -> list[Element]:
    """A window in the reader's own time zone; ``form`` is that of its start."""
    end_form = "{time}" if end - start < BRIEF else "{date_short_pretty} {time}"
    return [rich.date(start, form, bold=bold), rich.words(" - ", bold=bold), rich.date(end, end_form, bold=bold)]


def planned_line(one: ReleaseGoingOut | ScheduleEntry, against: str) -> Element:
    """A release that is planned, in a list; ``against`` says what is in its way."""
    marks: list[Element | str] = [" - ", rich.words(against, bold=True)] if against else []
    return rich.line(
        rich.emoji(sign(one.state)),
        " ",
        rich.words(one.identifier, code=True),
        " ",
        rich.words(cut(one.title, TITLE), bold=True),
        f" - {one.service_name} - {one.type} - {word(one.state).lower()} - ",
        *window_span(one.window_start, one.window_end),
        *marks,
    )


def known_errors_line(card: ReleaseCard) -> list[Element | str]:
    """The known errors of the service that somebody deciding should know of."""
    elements: list[Element | str] = [rich.words("Known errors here: ", bold=True)]
    for index, known in enumerate(card.known_errors):
        suffix = " (workaround)" if known.workaround else " (no workaround)"
        elements += ["; " if index else "", rich.words(known.number, code=True), f" {cut(known.title, 60)}{suffix}"]
    more = card.known_error_count - len(card.known_errors)
    if more > 0:
        elements.append(f"; and {more} more")
    return [one for one in elements if one != ""]


def frozen(freezes: Sequence[tuple[str, str]]) -> str:
    """The freezes that a window meets, each ``(name, kind)``, the hard ones first."""
    return cut("; ".join(f"{kind} freeze {name}" for name, kind in sorted(freezes, key=lambda one: one[1])), 140)


def release_line(one: ReleaseLine) -> Element:
    """A release in a list."""
    return rich.line(
        rich.emoji(sign(one.state)),
        " ",
        rich.words(one.identifier, code=True),
        " ",
        rich.words(cut(one.title, 80), bold=True),
        f" - {one.type} - {word(one.state).lower()} - ",
        rich.date(one.window_start, "{date_short_pretty} {time}"),
        f" - {one.requester_name}",
    )

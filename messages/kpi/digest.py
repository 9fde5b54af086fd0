"""The daily digest: the figures, what goes out, and what needs somebody. It mentions nobody."""

from collections.abc import Sequence
from datetime import date, timedelta

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, View, actions, button, modal, section, value
from messages.kit.charts import data_table, rich_cell, text_cell
from messages.kit.signs import sign, word
from messages.kit.text import counted, cut, say
from messages.kpi.figures import charts, in_one_line, services_words, why_button
from messages.releases.planned_lines import TITLE, WITH_WEEKDAY, frozen, planned_line, window_mark, window_span
from models.kpi.digests import DigestRecord
from models.kpi.later_approvals import EmergencyToApprove
from models.kpi.outlook import (
    KnownErrorWithoutWorkaround,
    Outlook,
    OverdueMilestone,
    ReleaseGoingOut,
    TroubledWindow,
    UndecidedRelease,
    WaitingHandover,
)
from models.kpi.rules_on_trial import RuleOnTrial
from models.lifecycle.window_state import WindowState
from models.text import either
from models.time.days import MONTHS, WEEKDAYS

SCHEDULE = "digest:schedule"
"""The button *Full schedule*; it carries the digest."""

SCHEDULE_VIEW = "digest:schedule_view"

LONG_WAIT = timedelta(days=1)
"""An approval that waits longer is counted apart."""

NAMES = 100
"""Characters for the people something waits for; the release itself names them all."""


def render(digest: DigestRecord) -> Message:
    """The digest with Slack's own charts and table."""
    return _render(digest, native=True)


def render_plain(digest: DigestRecord) -> Message:
    """The digest in text, for a workspace that refuses those."""
    return _render(digest, native=False)


def full_schedule(outlook: Outlook) -> View:
    """All that is planned and all that waits, in a modal."""
    going_out, most = outlook.going_out, sizes.FULL_SCHEDULE_RELEASES
    blocks: list[Block] = [section(say("kpi.full_schedule", count=len(going_out), shown=most))]
    blocks += rich.bullet_lists([_release(one) for one in going_out[:most]])
    blocks.append(section(_needs(outlook)))
    blocks += rich.bullet_lists(_needing(outlook, sizes.FULL_SCHEDULE_NEEDS))
    return modal(SCHEDULE_VIEW, "Full schedule", blocks, close="Close")


def _render(digest: DigestRecord, *, native: bool) -> Message:
    figures, outlook = digest.figures, digest.outlook
    scope = services_words(figures.services)
    heading = {"day": _day(digest.day), "period": figures.period.words, "scope": scope}
    data = value(d=digest.key, y=digest.day.isoformat(), a=outlook.at.isoformat())
    blocks = [
        section(say("kpi.digest_heading", **heading)),
        section(in_one_line(figures)),
        *charts(figures, native=native),
        *_going_out(outlook, native=native),
        section(_needs(outlook)),
        *rich.bullet_lists(_needing(outlook, sizes.DIGEST_NEEDS)),
        *_on_trial(digest.on_trial),
        actions("digest", why_button(data), button("Full schedule", SCHEDULE, data)),
    ]
    text = say(
        "kpi.digest_text",
        **heading,
        figures=in_one_line(figures, bold=False),
        going_out=len(outlook.going_out),
        undecided=len(outlook.undecided),
        overdue=len(outlook.overdue),
    )
    return Message(text=text, blocks=blocks)


def _going_out(outlook: Outlook, *, native: bool) -> list[Block]:
    going_out = outlook.going_out
    shown = going_out[: sizes.DIGEST_RELEASES]
    more = len(going_out) - len(shown)
    heading = section(say("kpi.digest_going_out", count=len(going_out), more=more))
    if not shown:
        return [heading]
    if not native:
        return [heading, *rich.bullet_lists([_release(one) for one in shown])]
    headings = ("When", "Release", "Service", "State", "Conflict")
    rows = [_table_row(one) for one in shown]
    return [heading, data_table("Releases by window", headings, rows, page_size=10, names_row=1)]


def _table_row(one: ReleaseGoingOut) -> list[Element]:
    return [
        rich_cell(*window_span(one.window_start, one.window_end)),
        text_cell(f"{one.identifier} {cut(one.title, TITLE)}"),
        text_cell(one.service_name),
        rich_cell(*window_mark(one.window), rich.emoji(sign(one.state)), f" {word(one.state)}"),
        text_cell("; ".join(part for part in (_conflict(one), frozen(one.freezes)) if part) or "none"),
    ]


def _release(one: ReleaseGoingOut) -> Element:
    clash = _conflict(one)
    warnings = [f"conflicts {clash}" if clash else "", frozen(one.freezes)]
    return planned_line(one, "; ".join(part for part in warnings if part))


def _on_trial(rules: Sequence[RuleOnTrial]) -> list[Block]:
    if not rules:
        return []
    lines = [_rule_on_trial(one) for one in rules[: sizes.DIGEST_RULES]]
    return [section(say("kpi.digest_on_trial")), *rich.bullet_lists(_first(lines, len(rules), "rules"))]


def _rule_on_trial(one: RuleOnTrial) -> Element:
    named = one.stopped[: sizes.DIGEST_STOPPED]
    more = len(one.stopped) - len(named)
    which = f": {', '.join(named)}{f' and {more} more' if more else ''}" if named else ""
    said = f" would have stopped {len(one.stopped) or 'nothing'}{which}"
    return rich.line(rich.words(one.rule, code=True), f" of {one.service_name}", said)


def _conflict(one: ReleaseGoingOut) -> str:
    if not one.conflicts:
        return ""
    more = len(one.conflicts) - sizes.DIGEST_CONFLICTS
    return f"with {', '.join(one.conflicts[: sizes.DIGEST_CONFLICTS])}" + (f" and {more} more" if more > 0 else "")


def _needs(outlook: Outlook) -> str:
    undecided = counted(len(outlook.undecided), "approval")
    long = sum(outlook.at - one.since > LONG_WAIT for one in outlook.undecided)
    late = sum(one.due_at < outlook.at for one in outlook.later_approvals)
    owing = f"{counted(len(outlook.later_approvals), 'emergency', 'emergencies')} owing approvals"
    overrunning = sum(one.window is WindowState.OVERRUNNING for one in outlook.windows)
    missed = len(outlook.windows) - overrunning
    parts = [
        f"{counted(overrunning, 'deployment')} overrunning" if overrunning else "",
        f"{counted(missed, 'window')} missed" if missed else "",
        f"{undecided} waiting{f' ({long} longer than a day)' if long else ''}" if outlook.undecided else "",
        f"{owing}{f' ({late} late)' if late else ''}" if outlook.later_approvals else "",
        f"{counted(len(outlook.overdue), 'milestone')} overdue" if outlook.overdue else "",
        f"{counted(len(outlook.handovers), 'handover')} waiting" if outlook.handovers else "",
        f"{counted(outlook.without_workaround_count, 'known error')} without a workaround"
        if outlook.without_workaround_count
        else "",
    ]
    return say("kpi.digest_needs", parts=[part for part in parts if part])


def _needing(outlook: Outlook, most: int) -> list[Element]:
    return [
        *_first([_window(one) for one in outlook.windows[:most]], len(outlook.windows), "windows"),
        *_first([_undecided(one) for one in outlook.undecided[:most]], len(outlook.undecided), "approvals"),
        *_first(
            [_emergency(one) for one in outlook.later_approvals[:most]], len(outlook.later_approvals), "emergencies"
        ),
        *_first([_overdue(one) for one in outlook.overdue[:most]], len(outlook.overdue), "milestones"),
        *_first([_handover(one) for one in outlook.handovers[:most]], len(outlook.handovers), "handovers"),
        *_first(
            [_known_error(one) for one in outlook.without_workaround[:most]],
            outlook.without_workaround_count,
            "known errors",
        ),
    ]


def _first(shown: list[Element], count: int, what: str) -> list[Element]:
    more = count - len(shown)
    return [*shown, rich.line(rich.words(f"and {more} more {what}", italic=True))] if more > 0 else shown


def _about(
    one: EmergencyToApprove | UndecidedRelease | OverdueMilestone | WaitingHandover, *rest: Element | str
) -> Element:
    return rich.line(
        rich.words(one.identifier, code=True), " ", rich.words(cut(one.title, TITLE), bold=True), *rest
    )


def _emergency(one: EmergencyToApprove) -> Element:
    return _about(
        one,
        f" owes the approval of {cut(_roles(one.waits_for), NAMES)} by ",
        rich.date(one.due_at, WITH_WEEKDAY),
    )


def _roles(asked: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    return ", ".join(
        f"{role} ({either(people, sizes.DIGEST_PEOPLE)})" if people else role for role, people in asked
    )


def _undecided(one: UndecidedRelease) -> Element:
    waits_for = _roles(one.waits_for)
    return _about(
        one,
        f" waits for {cut(waits_for, NAMES) or 'a decision that the catalog gives to nobody'} since ",
        rich.date(one.since, WITH_WEEKDAY),
    )


def _window(one: TroubledWindow) -> Element:
    people = cut(either(one.waits_for, sizes.DIGEST_PEOPLE), NAMES)
    asks = "waits for a new one by" if one.window is WindowState.MISSED else "is still being deployed by"
    return rich.line(
        *window_mark(one.window),
        rich.words(one.identifier, code=True),
        " ",
        rich.words(cut(one.title, TITLE), bold=True),
        f" {asks} {people or 'nobody'}; its window ended ",
        rich.date(one.since, WITH_WEEKDAY),
    )


def _overdue(one: OverdueMilestone) -> Element:
    return _about(
        one,
        f" is overdue for {cut(either(one.owners, sizes.DIGEST_PEOPLE), NAMES)} since ",
        rich.date(one.due_at, WITH_WEEKDAY),
    )


def _handover(one: WaitingHandover) -> Element:
    people = cut(either(one.waits_for, sizes.DIGEST_PEOPLE), NAMES) if one.waits_for else "somebody of operations"
    return _about(
        one,
        f" waits for {people} to accept its handover since ",
        rich.date(one.since, WITH_WEEKDAY),
    )


def _known_error(one: KnownErrorWithoutWorkaround) -> Element:
    service = f" - {one.service_name}" if one.service_name else ""
    return rich.line(
        rich.words(one.number, code=True),
        " ",
        rich.words(cut(one.title, TITLE), bold=True),
        f"{service} - no workaround - {counted(one.incidents, 'incident')}",
    )


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()].capitalize()} {day.day} {MONTHS[day.month - 1]}"

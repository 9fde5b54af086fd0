"""A known error: in its release's thread, in a search, in a list, in full."""

from collections.abc import Sequence

from messages.kit import rich, signs
from messages.kit.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    context,
    modal,
    paragraph,
    section,
    value,
)
from messages.kit.text import Markup, counted, cut, say
from models.support.forms import RESOLVED
from models.support.records import KnownErrorRecord, SearchResult

RECORD = "known_error:record"
"""The modal, and the button that opens it."""

OPEN = "known_error:open"

LINK = "known_error:link"

RESOLVE = "known_error:resolve"

REOPEN = "known_error:reopen"

EDIT = "known_error:edit"

TITLE_SHOWN = 80

WORKAROUND_SHOWN = 600

SYMPTOM_SHOWN = 300


def render(one: KnownErrorRecord) -> Message:
    """A known error in the thread of the release it was found in."""
    blocks = [*_blocks(one), actions("verbs", *known_error_buttons(one))]
    return Message(text=summary(one), blocks=blocks)


def known_error_shown(one: KnownErrorRecord, news: str = "") -> Message:
    """One known error for one person, below what has just happened to it."""
    blocks: list[Block] = [section(news)] if news else []
    blocks += [*_blocks(one), actions("verbs", *known_error_buttons(one))]
    return Message(text=news or summary(one), blocks=blocks)


def details(one: KnownErrorRecord) -> View:
    """Everything about a known error."""
    parts = [*_headline(one), *_long("Symptom", one.symptom), *_long("Workaround", one.workaround)]
    parts += _long("How it was solved", one.solution)
    blocks: list[Block] = [rich.rich_text(*parts)]
    if one.incidents:
        blocks.append(rich.rich_text(*_incidents(one)))
    blocks.append(context(say("support.footer", known_error=one)))
    blocks.append(actions("verbs", *[verb for verb in known_error_buttons(one) if verb["action_id"] != OPEN]))
    return modal("known_error:details", one.number, blocks, close="Close", metadata={"k": one.id})


def search_results(found: SearchResult) -> Message:
    """What first line reads: what to do, with *Link an incident*; without results, how to record it."""
    text = say("support.found", found=found, count=len(found.known_errors))
    if not found.known_errors:
        record = button("Record a known error", RECORD, value(t=cut(found.words, 150)), "primary")
        return Message(text=text, blocks=[section(text), actions("record", record)])
    blocks: list[Block] = [section(text)]
    for one in found.known_errors:
        blocks += [_result(one), actions(f"verbs:{one.id}", _link(one), _open(one))]
    if found.more:
        blocks.append(context(say("support.more")))
    return Message(text=text, blocks=blocks)


def known_error_list(known_errors: Sequence[KnownErrorRecord], heading: str, *, more: bool) -> Message:
    """Known errors, a line each."""
    text = say("support.list", heading=heading, count=len(known_errors))
    if not known_errors:
        return paragraph(text)
    blocks: list[Block] = [section(text), *rich.bullet_lists([_line(one) for one in known_errors])]
    if more:
        blocks.append(context(say("support.more")))
    return Message(text=text, blocks=blocks)


def news(kind: str, number: str, title: str, *, again: bool = False) -> Markup:
    """What has just happened to a known error: ``recorded``, ``resolved``, ``reopened`` or ``workaround``."""
    return say("support.news", kind=kind, number=number, title=cut(title, TITLE_SHOWN), again=again)


def summary(one: KnownErrorRecord) -> Markup:
    """A known error in a line, with what to do about it."""
    return say("support.summary", known_error=one, incidents=counted(one.incident_count, "incident"))


def known_error_buttons(one: KnownErrorRecord) -> list[Element]:
    """The buttons that mean something now, the likeliest first. Permission is asked at the click."""
    if one.status == RESOLVED:
        return [button("Reopen", REOPEN, _data(one)), _open(one)]
    edit = "Change workaround" if one.workaround else "Add workaround"
    return [_link(one), button(edit, EDIT, _data(one)), button("Resolve", RESOLVE, _data(one)), _open(one)]


def what_to_do(one: KnownErrorRecord, limit: int = WORKAROUND_SHOWN) -> Element:
    """The solution, the workaround, or that there is none."""
    if one.status == RESOLVED and one.solution:
        return rich.line(rich.words("Solved: ", bold=True), cut(one.solution, limit))
    if one.workaround:
        return rich.line(rich.words("Do this: ", bold=True), cut(one.workaround, limit))
    return rich.line(rich.words("No workaround is known.", italic=True))


def _blocks(one: KnownErrorRecord) -> list[Block]:
    parts = [*_headline(one), what_to_do(one), rich.quote(one.symptom or "-", SYMPTOM_SHOWN)]
    return [rich.rich_text(*parts, block_id="known_error")]


def _headline(one: KnownErrorRecord) -> list[Element]:
    first = rich.line(
        rich.emoji(signs.KNOWN_ERRORS[one.status]),
        " ",
        rich.words(one.number, code=True),
        " ",
        rich.words(one.title, bold=True),
    )
    return [first, rich.line(" - ".join(_facts(one)))]


def _facts(one: KnownErrorRecord) -> list[str]:
    facts = [one.service, one.ci, one.status_words, f"severity {one.severity}"]
    facts.append(counted(one.incident_count, "incident"))
    if one.release:
        facts.append(
            f"found in {one.release}" if one.live else f"found in {one.release}, which is not deployed yet"
        )
    return [fact for fact in facts if fact]


def _result(one: KnownErrorRecord) -> Block:
    facts = [one.service, one.status_words, counted(one.incident_count, "incident")]
    if not one.live:
        facts.append(f"{one.release} is not deployed yet")
    first = rich.line(
        rich.words(f"{one.number} {one.title}", bold=True), " - " + " - ".join(fact for fact in facts if fact)
    )
    parts = [first, what_to_do(one)]
    if not one.workaround:
        parts.append(rich.quote(one.symptom or "-", SYMPTOM_SHOWN))
    return rich.rich_text(*parts)


def _line(one: KnownErrorRecord) -> Element:
    known = "" if one.workaround or one.status == RESOLVED else " - no workaround"
    facts = [one.service, one.status_words, counted(one.incident_count, "incident")]
    return rich.line(
        rich.emoji(signs.KNOWN_ERRORS[one.status]),
        " ",
        rich.words(one.number, code=True),
        " ",
        rich.words(cut(one.title, TITLE_SHOWN), bold=True),
        " - " + " - ".join(fact for fact in facts if fact) + known,
    )


def _long(heading: str, text: str) -> list[Element]:
    return [rich.line(rich.words(heading, bold=True)), rich.quote(text, 3000)] if text else []


def _incidents(one: KnownErrorRecord) -> list[Element]:
    shown = len(one.incidents)
    latest = f"The latest {shown} of {one.incident_count} incidents" if one.incident_count > shown else "Incidents"
    lines = [
        rich.line(
            rich.words(incident.number, code=True),
            " ",
            rich.date(incident.opened_at, "{date_short_pretty} {time}"),
            f" {cut(incident.symptom, TITLE_SHOWN)}" if incident.symptom else " ",
        )
        for incident in one.incidents
    ]
    return [rich.line(rich.words(latest, bold=True)), rich.bullets(*lines)]


def _link(one: KnownErrorRecord) -> Element:
    return button("Link an incident", LINK, _data(one))


def _open(one: KnownErrorRecord) -> Element:
    return button("Open", OPEN, _data(one))


def _data(one: KnownErrorRecord) -> str:
    return value(k=one.id)

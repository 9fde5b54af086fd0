"""A deployment that a pipeline reported: in its release's thread, or as a question in its service's channel."""

from messages.kit import rich
from messages.kit.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    modal,
    option,
    paragraph,
    section,
    value,
)
from messages.kit.inputs import input_block, select, text_input
from messages.kit.text import cut, say
from models.deployments.records import ReleaseChoices, ReportRecord
from models.deployments.report import ReportedOutcome

ATTRIBUTE = "deployment:belongs"

ATTRIBUTE_FORM = "deployment:belongs_form"

CONFIRM_UNRECORDED = "deployment:nobodys"

TITLE = "Whose deployment is it?"


def render(report: ReportRecord) -> Message:
    """What was reported, what became of it, and whose it is: a question until somebody answers."""
    text = say("deployments.report", report=report)
    blocks: list[Block] = [section(text), rich.rich_text(_what(report))]
    if not report.release and report.outcome == ReportedOutcome.SUCCEEDED:
        blocks.append(actions("verbs", *_answers(report)))
    return Message(text=text, blocks=blocks)


def attribution_form(choices: ReleaseChoices) -> View:
    """Ask for the release: from a menu, or by its identifier where a menu doesn't hold them all."""
    if not choices.releases:
        return modal(
            ATTRIBUTE_FORM, TITLE, [section(say("deployments.no_release", choices=choices))], close="Close"
        )
    if choices.more:
        hint = f"The newest is {choices.releases[0].identifier}."
        asked = input_block("release", "Release", text_input(max_length=200), hint=hint)
    else:
        options = [option(f"{one.identifier} - {one.title}", one.identifier) for one in choices.releases]
        asked = input_block("release", "Release", select("value", options, placeholder="Choose a release"))
    intro = section(say("deployments.belongs_intro", choices=choices))
    return modal(ATTRIBUTE_FORM, TITLE, [intro, asked], submit="Save", metadata={"d": choices.report_id})


def belongs_now(identifier: str, *, adopted: bool) -> Message:
    """What the answer means for adoption."""
    return paragraph(say("deployments.belongs", identifier=identifier, adopted=adopted))


def _answers(report: ReportRecord) -> tuple[Element | None, ...]:
    belongs = button(
        "It belongs to a release", ATTRIBUTE, value(d=report.id), None if report.settled_by else "primary"
    )
    nobodys = None if report.settled_by else button("Nobody recorded it", CONFIRM_UNRECORDED, value(d=report.id))
    return belongs, nobodys


def _what(report: ReportRecord) -> Element:
    """Source, version and title as they were sent, with their link."""
    parts: list[Element | str] = [rich.words(report.source, code=True)]
    if report.version:
        parts += [" ", rich.words(report.version, bold=True)]
    if report.environment:
        parts.append(f" in {report.environment}")
    if report.title:
        parts.append(f": {cut(report.title, 200)}")
    if report.url:
        parts += [" ", rich.link(report.url, "Look at it")]
    return rich.line(*parts)

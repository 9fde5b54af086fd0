"""The criteria of a release: a list with buttons, and the modals that meet or waive one."""

from messages.kit import rich, signs, sizes
from messages.kit.blocks import Block, Element, Message, View, actions, button, context, modal, section, value
from messages.kit.inputs import input_block, text_area
from messages.kit.text import cut, say
from models.releases.activities.gates import CRITERIA, CRITERIA_WORDS
from models.releases.activities.records import CriteriaList, CriterionLine
from models.releases.activities.settle_criterion import CriterionToSettle

MEET = "criterion:meet"

WAIVE = "criterion:waive"

MEET_FORM = "criterion:meet_form"

WAIVE_FORM = "criterion:waive_form"


def criteria(found: CriteriaList) -> Message:
    """The criteria by gate, the open ones with *Met* and *Waive*."""
    open_ones = [line for line in found.lines if not line.outcome]
    text = say("activities.criteria", found=found, open=len(open_ones), shown=sizes.OPEN_CRITERIA)
    blocks: list[Block] = [section(text)]
    offered = open_ones[: sizes.OPEN_CRITERIA]
    for gate in CRITERIA:
        blocks += _gate(found, gate, [line for line in offered if line.gate == gate])
    return Message(text=text, blocks=blocks)


def criteria_view(found: CriteriaList) -> View:
    """The same in a modal."""
    blocks = criteria(found).blocks
    return modal("criteria", "Criteria", blocks, close="Close", metadata={"r": found.release_id})


def meet_form(settling: CriterionToSettle) -> View:
    """Ask for the evidence that a criterion is met."""
    return _form(
        MEET_FORM, "Met", settling, input_block("evidence", "Evidence", text_area(), hint="A link or a text.")
    )


def waive_form(settling: CriterionToSettle) -> View:
    """Ask why a criterion is waived."""
    return _form(WAIVE_FORM, "Waive", settling, input_block("reason", "Reason", text_area()))


def _form(callback_id: str, title: str, settling: CriterionToSettle, field: Block) -> View:
    shown = rich.rich_text(rich.line(rich.words(settling.identifier, code=True)), rich.quote(settling.text, 600))
    return modal(callback_id, title, [shown, field], submit=title, metadata={"c": settling.id})


def _gate(found: CriteriaList, gate: str, offered: list[CriterionLine]) -> list[Block]:
    own = [line for line in found.lines if line.gate == gate]
    if not own:
        return []
    settled = [line for line in own if line.outcome]
    words = CRITERIA_WORDS[gate]
    heading = say("activities.criteria_gate", gate=words[0].upper() + words[1:], own=own, settled=len(settled))
    blocks: list[Block] = [section(heading)]
    for line in offered:
        blocks.append(
            rich.rich_text(rich.line(rich.emoji(signs.CRITERION_OPEN), " ", rich.words(line.text, bold=True)))
        )
        if not found.closed:
            data = value(c=line.id)
            buttons = (button("Met", MEET, data, "primary"), button("Waive", WAIVE, data))
            blocks.append(actions(f"criterion-{line.id}", *buttons))
    if settled:
        blocks.append(
            rich.rich_text(rich.bullets(*[_settled(line) for line in settled[-sizes.SETTLED_CRITERIA :]]))
        )
    if offered:
        blocks.append(context(f"For: {found.settlers[gate]}"))
    return blocks


def _settled(line: CriterionLine) -> Element:
    elements: list[Element | str] = [
        rich.emoji(signs.CRITERION_MET if line.outcome == "met" else signs.CRITERION_WAIVED),
        f" {cut(line.text, 120)} - ",
        rich.words(line.outcome, bold=True),
        f" by {line.person}",
    ]
    if line.at:
        elements += [" ", rich.date(line.at, "{date_short_pretty}")]
    return rich.line(*elements, f": {cut(' '.join(line.grounds.split()), 200)}")

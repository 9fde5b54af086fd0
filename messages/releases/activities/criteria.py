"""The criteria of a release: a list with buttons, the modals that meet or waive one, and what asks to confirm."""

from messages.kit import rich, signs, sizes
from messages.kit.blocks import Block, Element, Message, View, actions, button, context, modal, section, value
from messages.kit.inputs import input_block, text_area
from messages.kit.text import cut, say
from messages.releases.action_ids import CRITERIA as CRITERIA_LIST
from models.releases.activities.gates import CRITERIA, CRITERIA_WORDS, UNCONFIRMED
from models.releases.activities.records import CriteriaList, CriteriaToConfirm, CriterionLine
from models.releases.activities.settle_criterion import CriterionToSettle

MEET = "criterion:meet"

WAIVE = "criterion:waive"

CONFIRM = "criterion:confirm"

MEET_FORM = "criterion:meet_form"

WAIVE_FORM = "criterion:waive_form"


def criteria(found: CriteriaList) -> Message:
    """The criteria by gate, the open ones with *Met* and *Waive*, those that wait for it with *Confirm*."""
    open_ones = [line for line in found.lines if not line.settled]
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
    field = input_block("evidence", "Evidence", text_area(), hint="A link or a text.")
    waits = [section(say("activities.will_wait", settling=settling))] if settling.confirmed_by else []
    return _form(MEET_FORM, "Met", settling, *waits, field)


def waive_form(settling: CriterionToSettle) -> View:
    """Ask why a criterion is waived."""
    return _form(WAIVE_FORM, "Waive", settling, input_block("reason", "Reason", text_area()))


def render_confirmation(asks: CriteriaToConfirm) -> Message:
    """The message in the thread that asks to confirm what a requester has met; later, that it is done."""
    text = say("activities.to_confirm", asks=asks, mentions=asks.mentions[: sizes.MENTIONS])
    blocks = [section(text)]
    if asks.lines:
        shown = [_evidence(line) for line in asks.lines[: sizes.OPEN_CRITERIA]]
        show = button("Criteria", CRITERIA_LIST, value(r=asks.release_id, n=asks.round), "primary")
        blocks += [rich.rich_text(rich.bullets(*shown)), actions("criteria", show)]
    return Message(text=text, blocks=blocks)


def _evidence(line: CriterionLine) -> Element:
    said = cut(" ".join(line.grounds.split()), 200)
    return rich.line(rich.words(cut(line.text, 120), bold=True), f" - {said}, says {line.person}")


def _form(callback_id: str, title: str, settling: CriterionToSettle, *fields: Block) -> View:
    shown = rich.rich_text(rich.line(rich.words(settling.identifier, code=True)), rich.quote(settling.text, 600))
    return modal(callback_id, title, [shown, *fields], submit=title, metadata={"c": settling.id})


def _gate(found: CriteriaList, gate: str, offered: list[CriterionLine]) -> list[Block]:
    own = [line for line in found.lines if line.gate == gate]
    if not own:
        return []
    settled = [line for line in own if line.settled]
    words = CRITERIA_WORDS[gate]
    heading = say("activities.criteria_gate", gate=words[0].upper() + words[1:], own=own, settled=len(settled))
    blocks: list[Block] = [section(heading)]
    for line in offered:
        blocks.append(rich.rich_text(*_open(line, found)))
        if not found.closed:
            blocks.append(actions(f"criterion-{line.id}", *_buttons(line)))
    if settled:
        blocks.append(
            rich.rich_text(rich.bullets(*[_settled(line) for line in settled[-sizes.SETTLED_CRITERIA :]]))
        )
    if offered:
        blocks.append(context(f"For: {found.settlers[gate]}"))
    return blocks


def _open(line: CriterionLine, found: CriteriaList) -> list[Element]:
    """The criterion, and what it waits for."""
    parts = [rich.line(rich.emoji(signs.CRITERION_OPEN), " ", rich.words(line.text, bold=True))]
    if line.outcome == UNCONFIRMED:
        by = f"Met by {line.person}, waiting for confirmation by {found.confirmers.get(line.gate, 'somebody else')}"
        parts += [rich.line(by), rich.quote(" ".join(line.grounds.split()), 300)]
    if line.too_early:
        parts.append(rich.line(f"Can't be met yet: {cut(line.too_early, 300)}"))
    return parts


def _buttons(line: CriterionLine) -> list[Element]:
    data = value(c=line.id)
    met, waive = button("Met", MEET, data, None if line.outcome else "primary"), button("Waive", WAIVE, data)
    if line.too_early:
        return [waive]
    confirm = [button("Confirm", CONFIRM, data, "primary")] if line.outcome == UNCONFIRMED else []
    return [*confirm, met, waive]


def _settled(line: CriterionLine) -> Element:
    elements: list[Element | str] = [
        rich.emoji(signs.CRITERION_MET if line.outcome == "met" else signs.CRITERION_WAIVED),
        f" {cut(line.text, 120)} - ",
        rich.words(line.outcome, bold=True),
        f" by {line.person}",
    ]
    if line.at:
        elements += [" ", rich.date(line.at, "{date_short_pretty}")]
    if line.confirmed_by:
        elements.append(f", confirmed by {line.confirmed_by}")
    if line.alone:
        elements.append(", who requested it: nobody else could confirm it")
    return rich.line(*elements, f": {cut(' '.join(line.grounds.split()), 200)}")

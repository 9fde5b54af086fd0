"""What is in the way of a deployment, said to the person who asked, with the buttons that lead on."""

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, section, value
from messages.kit.signs import FINDINGS
from messages.kit.text import cut, say
from messages.releases.action_ids import OVERRIDE, RENEW_APPROVAL, RESCHEDULE
from models.releases.clearance.ask import ClearanceAnswer, ObstacleLine


def render(answer: ClearanceAnswer) -> Message:
    """The decision first, each obstacle with who settles it, then when it may be and who can override."""
    heading = say("clearance.answer", answer=answer)
    blocks: list[Block] = [section(heading)]
    if answer.lines:
        lines = [_line(one) for one in answer.lines[: sizes.CARD_FINDINGS * 2]]
        blocks.append(rich.rich_text(rich.bullets(*lines)))
        blocks.append(section(say("clearance.answer_next", answer=answer)))
    buttons = answer_buttons(answer)
    if buttons:
        blocks.append(actions("verbs", *buttons))
    return Message(text=answer.sentence if answer.lines else heading, blocks=blocks)


def answer_buttons(answer: ClearanceAnswer) -> list[Element]:
    """What takes it out of the way, the likeliest first."""
    data = value(r=answer.release_id, n=answer.round)
    offered = (
        (answer.may_approve, "Approve", RENEW_APPROVAL),
        (answer.may_override, "Override", OVERRIDE),
        (answer.needs_window, "Reschedule", RESCHEDULE),
    )
    return [button(caption, action, data) for offer, caption, action in offered if offer]


def _line(one: ObstacleLine) -> Element:
    settled = f" {one.settlers} can settle that." if one.settlers else ""
    return rich.line(
        rich.emoji(FINDINGS[one.obstacle.weight]), f" {cut(one.obstacle.text, 600)}{cut(settled, 200)}"
    )

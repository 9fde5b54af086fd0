"""What a release's thread tells of pipelines that ask for clearance."""

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, section
from messages.kit.text import cut, say
from models.pipelines.records import PipelineNotice


def render(notice: PipelineNotice) -> Message:
    """One notice; people are mentioned only where the desk was passed by."""
    text = say("pipelines.notice", notice=notice, mentions=notice.mentions[: sizes.BYPASS_MENTIONS])
    blocks: list[Block] = [section(text), rich.rich_text(_what(notice))]
    if notice.kind == "withheld":
        lines = [rich.line(cut(one, 400)) for one in notice.reasons[: sizes.FORM_FINDINGS]]
        blocks.append(rich.rich_text(rich.bullets(*lines)))
    if notice.kind == "away" and notice.reason:
        blocks.append(rich.rich_text(rich.quote(notice.reason, 2500)))
    return Message(text=text, blocks=blocks)


def _what(notice: PipelineNotice) -> Element:
    """Version, environment and person as they were sent, with the link to the run."""
    parts: list[Element | str] = [rich.words(cut(notice.what or notice.service, 150), bold=True)]
    parts.append(f" to {cut(notice.environment, 80)}")
    if notice.actor:
        parts.append(f", run by {cut(notice.actor, 80)}")
    if notice.run_url:
        parts += [" ", rich.link(notice.run_url, "Look at the run")]
    return rich.line(*parts)

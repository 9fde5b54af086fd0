"""A direct message to owners and process owners: what was loosened, and which releases keep their rules."""

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Message, section
from messages.kit.text import cut, say
from models.services.loosened import LoosenedRules, LoosenedService


def render(record: LoosenedRules) -> Message:
    shown = record.services[: sizes.LOOSENED_SERVICES]
    text = say("services.loosened", record=record)
    blocks: list[Block] = [section(text)]
    for one in shown:
        blocks += _service(one)
    if len(record.services) > len(shown):
        more = len(record.services) - len(shown)
        blocks.append(section(say("services.loosened_more", more=more)))
    return Message(text=text, blocks=blocks)


def _service(one: LoosenedService) -> list[Block]:
    lines = [rich.line(cut(line, 200)) for line in one.lines[: sizes.LOOSENED_LINES]]
    if len(one.lines) > sizes.LOOSENED_LINES:
        lines.append(rich.line(f"and {len(one.lines) - sizes.LOOSENED_LINES} more"))
    releases = one.releases[: sizes.LOOSENED_RELEASES]
    kept = say("services.loosened_kept", releases=releases, more=len(one.releases) - len(releases))
    heading = rich.line(rich.words(f"{one.name} ({one.key})", bold=True))
    return [rich.rich_text(heading, rich.bullets(*lines)), section(kept)]

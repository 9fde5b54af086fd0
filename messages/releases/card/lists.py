"""Lists of releases, a page at a time."""

from collections.abc import Sequence

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, context, paragraph, section, value
from messages.kit.signs import sign
from messages.kit.text import cut, say
from messages.releases.planned_lines import window_mark
from models.lifecycle.lifecycle import state_words
from models.releases.card.records import ReleaseLine

LIST_EARLIER = "release:list_earlier"

LIST_LATER = "release:list_later"


def release_list(
    lines: Sequence[ReleaseLine], heading: str, *, more: bool, words: str = "", offset: int = 0
) -> Message:
    """A page of releases; an empty list says how to begin.

    ``words`` are what the list was asked for with, ``offset`` releases come before these, and ``more`` after them.
    """
    if not lines:
        return paragraph(say("card.list_empty", heading=heading))
    text = say("card.list", heading=heading)
    blocks: list[Block] = [section(text), *rich.bullet_lists([release_line(one) for one in lines])]
    if more or offset:
        before = max(offset - sizes.RELEASES_PAGE, 0)
        earlier = button("Earlier", LIST_EARLIER, value(q=words, o=before)) if offset else None
        later = button("Later", LIST_LATER, value(q=words, o=offset + sizes.RELEASES_PAGE)) if more else None
        blocks.append(actions("pages", earlier, later))
        blocks.append(context(say("card.list_more", first=offset + 1, last=offset + len(lines))))
    return Message(text=text, blocks=blocks)


def release_line(one: ReleaseLine) -> Element:
    """A release by the start of its window."""
    return rich.line(
        *window_mark(one.window),
        rich.emoji(sign(one.state)),
        " ",
        rich.words(one.identifier, code=True),
        " ",
        rich.words(cut(one.title, 80), bold=True),
        f" - {one.type} - {state_words(one.state, one.superseded_by)} - ",
        rich.date(one.window_start, "{date_short_pretty} {time}"),
        f" - {one.requester_name}",
    )

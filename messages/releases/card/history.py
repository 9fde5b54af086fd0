"""The audit trail of a release."""

from collections.abc import Sequence

from messages.kit import rich
from messages.kit.blocks import Block, Element, Message, actions, button, section, value
from messages.kit.text import cut, say
from models.releases.card.records import HistoryLine

OLDER = "release:history_older"


def history(identifier: str, entries: Sequence[HistoryLine], *, older: int | None, release_id: int) -> Message:
    """``entries``, newest first; ``older`` is the id to go on from, if there are more."""
    text = say("card.history", identifier=identifier)
    blocks: list[Block] = [section(text), *rich.bullet_lists([_entry(one) for one in entries])]
    if older is not None:
        blocks.append(actions("older", button("Older", OLDER, value(r=release_id, b=older))))
    return Message(text=text, blocks=blocks)


def _entry(one: HistoryLine) -> Element:
    elements: list[Element | str] = [
        rich.date(one.at, "{date_short_pretty} {time_secs}"),
        " ",
        rich.words(_words(one), bold=True),
        f" by {one.person_name}",
        rich.words(f" ({one.surface})", italic=True),
    ]
    title = one.facts.get("title")
    if isinstance(title, str):
        elements.append(f" - {cut(title, 80)}")
    other = one.facts.get("newer") or one.facts.get("older")
    if isinstance(other, str):
        elements.append(f" - {other}")
    if one.grounds:
        elements.append(f": {cut(one.grounds, 200)}")
    comment = one.facts.get("comment")
    if isinstance(comment, str) and comment:
        elements.append(f" - \u201c{cut(' '.join(comment.split()), 200)}\u201d")
    return rich.line(*elements)


def _words(one: HistoryLine) -> str:
    if one.tag == "release:criterion":
        words = _CRITERION.get(str(one.facts.get("outcome")), "criterion")
        return f"{words}, which nobody else could confirm," if one.facts.get("alone") else words
    return one.tag.partition(":")[2].replace(":", " ").replace("_", " ")


_CRITERION = {
    "met": "criterion met",
    "waived": "criterion waived",
    "unconfirmed": "criterion met, waiting for confirmation",
}

"""Answers about releases for one person: lists, details, history, and what came of a click."""

from collections.abc import Sequence
from typing import Any

from messages.kit import rich
from messages.kit.blocks import Block, Element, Message, actions, button, confirm, context, modal, section, value
from messages.kit.text import cut, say
from messages.releases.action_ids import CANCEL, EDIT
from messages.releases.card.card import block_texts, owed_verbs, summary, verbs
from messages.releases.card.personal_buttons import offered_of, offered_rows
from messages.releases.lines import release_line
from messages.releases.package.summary import details_lines
from messages.releases.package.tree import OPEN as PACKAGE
from messages.releases.plan.plan import OPEN as PLAN
from messages.releases.policy import waive_row
from models.catalog.quorum import Tally
from models.catalog.roles import role_word
from models.lifecycle.lifecycle import Verb
from models.lifecycle.lifecycle import verbs as possible
from models.releases.card.available_verbs import Offer
from models.releases.card.records import HistoryLine, ReleaseCard, ReleaseLine
from models.releases.request.edit import EDITABLE

OLDER = "release:history_older"

LIST_EARLIER = "release:list_earlier"

LIST_LATER = "release:list_later"

LIST_PAGE = 20
"""Releases on a page of a list."""


def release_list(
    lines: Sequence[ReleaseLine], heading: str, *, more: bool, words: str = "", offset: int = 0
) -> Message:
    """A page of releases, one line each; an empty list says how to begin.

    ``words`` are what the list was asked for with, ``offset`` releases come before these, and ``more`` after them.
    """
    if not lines:
        text = say("card.list_empty", heading=heading)
        return Message(text=text, blocks=[section(text)])
    text = say("card.list", heading=heading)
    blocks: list[Block] = [section(text)]
    blocks += [rich.rich_text(rich.bullets(*[release_line(one) for one in chunk])) for chunk in _chunks(lines, 10)]
    if more or offset:
        before = max(offset - LIST_PAGE, 0)
        earlier = button("Earlier", LIST_EARLIER, value(q=words, o=before)) if offset else None
        later = button("Later", LIST_LATER, value(q=words, o=offset + LIST_PAGE)) if more else None
        blocks.append(actions("pages", earlier, later))
        blocks.append(context(say("card.list_more", first=offset + 1, last=offset + len(lines))))
    return Message(text=text, blocks=blocks)


def release_shown(card: ReleaseCard, offer: Offer) -> Message:
    """One release for one person, with those of its card's buttons that the ``offer`` to them holds."""
    blocks = block_texts(card)
    buttons = offered_of(verbs(card), offer)
    if buttons:
        blocks.append(actions("verbs", *buttons))
    blocks += offered_rows([*waive_row(card), *owed_verbs(card)], offer)
    return Message(text=summary(card), blocks=blocks)


def details(card: ReleaseCard, offer: Offer) -> dict[str, Any]:
    """Everything about a release in a modal, with the rare verbs that the ``offer`` to whoever opened it holds."""
    blocks: list[Block] = [
        *block_texts(card),
        rich.rich_text(
            rich.line(rich.words("What changes and why", bold=True)),
            rich.quote(card.description, 3000),
            rich.line(rich.words("Back-out plan", bold=True)),
            rich.quote(card.back_out_plan, 3000),
            rich.line(rich.words("Authorised changes: ", bold=True), ", ".join(card.changes)),
            *details_lines(card.package),
        ),
        context(say("card.details_footer", card=card)),
    ]
    rare = offered_of(_rare_verbs(card), offer)
    blocks.append(actions("rare", *_looking(card), *rare))
    return modal("release:details", "Release", blocks, close="Close", metadata={"r": card.id})


def history(card_identifier: str, entries: Sequence[HistoryLine], *, older: int | None, release_id: int) -> Message:
    """The audit trail, newest first; ``older`` is the entry to go on from, if there are more."""
    text = say("card.history", identifier=card_identifier)
    blocks: list[Block] = [section(text)]
    blocks += [rich.rich_text(rich.bullets(*[_entry(one) for one in chunk])) for chunk in _chunks(entries, 10)]
    if older is not None:
        blocks.append(actions("older", button("Older", OLDER, value(r=release_id, b=older))))
    return Message(text=text, blocks=blocks)


def approval_noted(identifier: str, tally: Tally, *, again: bool) -> Message | None:
    """What to tell somebody whose approval changed nothing; None when the card says it all."""
    if not again:
        return None
    text = say(
        "approval.given_already",
        identifier=identifier,
        missing=[role_word(role) for role, count in tally.missing.items() if count],
    )
    return Message(text=text, blocks=[section(text)])


def cancelled(identifier: str) -> Message:
    """What to tell somebody who cancelled a release by command."""
    text = say("card.cancelled", identifier=identifier)
    return Message(text=text, blocks=[section(text)])


def _looking(card: ReleaseCard) -> list[Element]:
    """What stands behind the card, for everybody to see."""
    data = value(r=card.id)
    return [button("Package", PACKAGE, data), button("Plan", PLAN, data)]


def _rare_verbs(card: ReleaseCard) -> list[Element]:
    data = value(r=card.id, n=card.round)
    elements = []
    if card.state in EDITABLE:
        elements.append(button("Edit", EDIT, data))
    if Verb.CANCEL in possible(card.state):
        sure = confirm(
            "Cancel this release?", say("card.cancel_confirm", card=card), "Cancel it", "Keep it", danger=True
        )
        elements.append(button("Cancel release", CANCEL, data, "danger", sure))
    return elements


def _entry(one: HistoryLine) -> Element:
    elements: list[Element | str] = [
        rich.date(one.at, "{date_short_pretty} {time_secs}"),
        " ",
        rich.words(_words(one.tag), bold=True),
        f" by {one.person_name}",
        rich.words(f" ({one.surface})", italic=True),
    ]
    title = one.facts.get("title")
    if isinstance(title, str):
        elements.append(f" - {cut(title, 80)}")
    if one.grounds:
        elements.append(f": {cut(one.grounds, 200)}")
    return rich.line(*elements)


def _words(tag: str) -> str:
    return tag.partition(":")[2].replace(":", " ").replace("_", " ")


def _chunks(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]

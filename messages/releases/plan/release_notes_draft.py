"""The draft of release notes: plain text for a field that shows everything literally.

Each section gets a fair share of the characters: one that needs less leaves the rest to the others, and one that
needs more is shortened by itself, so that a long description doesn't push the back-out plan out of the notes.
"""

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from messages.kit.text import Markup, cut, plain, say
from models.limits import NOTES_LIMIT
from models.packages.delivered import DeliveredItem
from models.releases.plan.release_notes import DraftFacts, DraftKnownError

TITLE_SHOWN = 150

KEY_SHOWN = 75

WORKAROUND_SHOWN = 300

SPARE = 10
"""Characters for the marks that isolate the direction of what people typed."""

Shorten = Callable[[int], str]
"""A section's text in at most so many characters."""


def draft(facts: DraftFacts) -> str:
    """Notes to begin with, in at most :data:`~models.limits.NOTES_LIMIT` characters."""
    sections: dict[str, Shorten] = {
        "description": lambda room: plain(cut(facts.description, room)),
        "delivered": lambda room: _delivered(facts.delivered, facts.identifier, room),
        "changes": lambda room: _listed(facts.changes, room, ", "),
        "known_errors": lambda room: _listed([_known_error(one) for one in facts.known_errors], room, "\n"),
        "back_out_plan": lambda room: plain(cut(facts.back_out_plan, room)),
    }
    frame = _said(facts, dict.fromkeys(sections, "-"))
    wanted = {name: len(shorten(NOTES_LIMIT * 100)) for name, shorten in sections.items()}
    rooms = shares(list(wanted.values()), NOTES_LIMIT - len(frame) - SPARE)
    texts = {name: shorten(room) for (name, shorten), room in zip(sections.items(), rooms, strict=True)}
    return cut(_said(facts, texts), NOTES_LIMIT)


def shares(wanted: Sequence[int], room: int) -> list[int]:
    """``room`` divided so that none gets more than it wants, and none less than another that wants as much."""
    given = [0] * len(wanted)
    smallest_first = sorted(range(len(wanted)), key=lambda place: wanted[place])
    for count, place in enumerate(smallest_first):
        fair = max(room, 0) // (len(wanted) - count)
        given[place] = min(wanted[place], fair)
        room -= given[place]
    return given


def _said(facts: DraftFacts, texts: dict[str, str]) -> str:
    start, end = facts.window_start, facts.window_end
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a %d %b %Y %H:%M}"
    said = say(
        "plan.notes_draft",
        d={
            "identifier": _literal(facts.identifier),
            "title": _literal(cut(facts.title, TITLE_SHOWN)),
            "service": _literal(facts.service),
            "window": Markup(f"{start:%a %d %b %Y %H:%M} - {until} {facts.zone}"),
            "method": _literal(facts.method),
            **{name: Markup(text) for name, text in texts.items()},
        },
    )
    return re.sub(r"\n{3,}", "\n\n", said)


def _delivered(items: Sequence[DeliveredItem], identifier: str, room: int) -> str:
    """The items by kind. If they don't fit, each kind is shortened and a last line says where all of them are."""
    kinds = {kind: [_item(one) for one in those] for kind, those in groupby(items, key=lambda one: one.kind)}
    whole = "\n".join(_kind(kind, lines, len(lines)) for kind, lines in kinds.items())
    if len(whole) <= room:
        return whole
    all_of_it = f"All of it: /release package {identifier}"
    wanted = [len(_kind(kind, lines, len(lines))) for kind, lines in kinds.items()]
    rooms = shares(wanted, room - len(all_of_it) - len(kinds))
    shortened = [_fitting(kind, lines, one) for (kind, lines), one in zip(kinds.items(), rooms, strict=True)]
    return "\n".join([*shortened, all_of_it])


def _fitting(kind: str, lines: Sequence[str], room: int) -> str:
    """As many ``lines`` as ``room`` takes, below a heading that counts them all."""
    shown, length = 0, len(_heading(kind, len(lines), len(lines) - 1))
    while shown < len(lines) and length + len(lines[shown]) + 1 <= room:
        length += len(lines[shown]) + 1
        shown += 1
    return _kind(kind, lines, shown)


def _kind(kind: str, lines: Sequence[str], shown: int) -> str:
    return "\n".join([_heading(kind, len(lines), shown), *lines[:shown]])


def _heading(kind: str, count: int, shown: int) -> str:
    heading = f"{kind[:1].upper()}{kind[1:]}: {count}"
    return f"{heading}, of which {shown} here" if 0 < shown < count else heading


def _item(one: DeliveredItem) -> str:
    key, version = plain(cut(" ".join(one.key.split()), KEY_SHOWN)), plain(one.version)
    if not one.before:
        return f"- {key} {version}".rstrip()
    return f"- {key} {version}, as before" if one.before == one.version else f"- {key} {one.before} -> {version}"


def _known_error(one: DraftKnownError) -> str:
    workaround = plain(cut(" ".join(one.workaround.split()), WORKAROUND_SHOWN))
    said = f"Workaround: {workaround}" if workaround else "No workaround is known."
    return f"{one.number} {plain(cut(one.title, TITLE_SHOWN))}\n{said}"


def _listed(texts: Sequence[str], room: int, between: str) -> str:
    """As many ``texts`` as fit, and how many more there are."""
    if len(between.join(texts)) <= room:
        return between.join(texts)
    for shown in range(len(texts) - 1, 0, -1):
        said = between.join([*texts[:shown], f"and {len(texts) - shown} more"])
        if len(said) <= room:
            return said
    return cut(between.join(texts), max(room, 1))


def _literal(text: str) -> Markup:
    """What people typed, unescaped, because the field shows it literally."""
    return Markup(plain(text))

"""What an edit changes, which of it is material, and what those who decided before are shown. No I/O.

docs/process.md#rounds-and-material-changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from models.catalog.document import Catalog
from models.releases.approval.rounds.rules import ALWAYS, NEVER
from models.releases.request.spelling import is_spelling

WINDOW = "window"
"""Who moves only this has everybody decide again and is no author."""

WORDS: Mapping[str, str] = {
    "title": "title",
    "description": "description",
    "type": "type",
    "changes": "authorised changes",
    "window": "window",
    "method": "deployment method",
    "back_out_plan": "back-out plan",
    "package": "package",
}
"""The fields of a release, as the catalog's ``material`` names them, in words."""

SPELLED = ("title", "description", "back_out_plan")
"""Fields whose whole text people write."""


@dataclass(frozen=True, slots=True)
class ContentChange:
    """A ``field`` from ``before`` to ``after``, empty for something added or removed.

    ``key`` says which part of the field: a node of the package, or the field itself. A window is two moments in ISO
    8601 with a slash between. ``spelled`` are the two texts where no more than what people spell has changed.
    """

    field: str
    key: str
    before: str
    after: str
    spelled: tuple[str, str] | None = None

    def as_written(self) -> dict[str, str]:
        """For JSON."""
        return {name: value for name, value in asdict(self).items() if name != "spelled"}


@dataclass(frozen=True, slots=True)
class News:
    """What is new since round ``since``, the last on which somebody decided.

    ``people`` decided on it, or have to in the place of somebody who did; ``editors`` made the changes. Nothing is
    told where there are no ``people``.
    """

    since: int = 0
    people: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    changes: tuple[ContentChange, ...] = ()

    def without(self, people: Collection[str]) -> "News":
        return replace(self, people=tuple(one for one in self.people if one not in people))

    def and_then(self, changes: Sequence[ContentChange], editor: str) -> "News":
        """With what the same people see of a further edit."""
        if not changes:
            return self
        editors = dict.fromkeys((*self.editors, editor))
        return replace(self, editors=tuple(editors), changes=merge_changes(self.changes, changes))

    def as_written(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "since": self.since,
            "people": list(self.people),
            "editors": list(self.editors),
            "changes": [one.as_written() for one in self.changes],
        }


def read_news(written: Mapping[str, Any]) -> News:
    """Of a round without any, and of one of before there was any, nothing."""
    return News(
        since=int(written.get("since") or 0),
        people=tuple(written.get("people") or ()),
        editors=tuple(written.get("editors") or ()),
        changes=tuple(ContentChange(**one) for one in written.get("changes") or ()),
    )


def news_of_edit(
    earlier: News, round_: int, people: Sequence[str], editor: str, changes: Sequence[ContentChange]
) -> News:
    """The news after a material edit of round ``round_``, on which ``people`` decided.

    Without any, those of ``earlier`` have still to decide, and see together what has changed since they did.
    """
    if not people or earlier.since == round_:
        more = tuple(one for one in people if one not in earlier.people)
        return replace(earlier, people=(*earlier.people, *more)).and_then(changes, editor)
    others = tuple(one for one in earlier.people if one not in people)
    return News(round_, (*others, *people)).and_then(changes, editor)


def merge_changes(earlier: Iterable[ContentChange], later: Iterable[ContentChange]) -> tuple[ContentChange, ...]:
    """From before the first to after the last; what is as it was is left out."""
    merged = {one.key: one for one in earlier}
    for one in later:
        first = merged.get(one.key)
        merged[one.key] = replace(one, before=first.before if first else one.before, spelled=None)
    return tuple(one for one in merged.values() if one.before != one.after)


def changes_of_request(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ContentChange]:
    """Between two requests, by field of the form."""
    olds, news = _as_read(before), _as_read(after)
    return [
        ContentChange(
            field, field, olds[field], news[field], (olds[field], news[field]) if field in SPELLED else None
        )
        for field in olds
        if olds[field] != news[field]
    ]


def material_among(
    changes: Sequence[ContentChange],
    material: Mapping[str, str],
    corrected: Mapping[str, str],
    names: Collection[str],
) -> list[ContentChange]:
    """Those that have everybody decide again.

    Spelling is held against the text as it was when the round began, which ``corrected`` has for texts corrected
    since: many small corrections don't add up to another text. ``names`` are identifiers that look like words.
    """
    return [one for one in changes if _is_material(one, material.get(one.field, ALWAYS), corrected, names)]


def names_in(catalog: Catalog) -> frozenset[str]:
    """What the catalog calls things, folded: no matter of spelling, although some look like words."""
    services = [name for one in catalog.services for name in (one.key, *one.policy.types, *one.methods)]
    environments = [one.key for one in catalog.environments]
    return frozenset(name.casefold() for name in (*services, *environments, *catalog.items_by_key))


def _is_material(change: ContentChange, when: str, corrected: Mapping[str, str], names: Collection[str]) -> bool:
    if when in (ALWAYS, NEVER) or change.spelled is None:
        return when != NEVER
    before, after = change.spelled
    return not is_spelling(corrected.get(change.key, before), after, names)


def _as_read(request: Mapping[str, Any]) -> dict[str, str]:
    """The fields as people read them; the order of authorised changes means nothing."""
    return {
        "type": request["type"],
        "title": request["title"],
        "changes": ", ".join(sorted(request["changes"])),
        "window": f"{_moment(request['window_start'])}/{_moment(request['window_end'])}",
        "method": request["method"],
        "description": request["description"],
        "back_out_plan": request["back_out_plan"],
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()

"""What somebody entered into a form about a service, read field by field with everything that is wrong.

A list that is longer than one field takes stands in several: ``plan``, ``plan:2`` and so on, read as one.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from models.catalog.mistakes import Path
from models.catalog.source import UNFIT, can_be_kept
from models.errors import Refused
from models.limits import TEXT_LIMIT
from models.services.service_text import text_lines

ROOM = 2500
"""Characters that a field of a long list begins with, so that there is room to write in."""

FIELDS = 20
"""Fields that one list may take up in a form."""

SAID = 3
"""Mistakes that are said under one field."""


def spread(name: str, text: str) -> list[tuple[str, str]]:
    """``text`` over as many fields as it takes, each with its name; an empty text has one.

    Raises Refused when no form holds it.
    """
    parts = [""]
    for line in text.splitlines():
        longer = f"{parts[-1]}\n{line}" if parts[-1] else line
        if len(longer) <= ROOM:
            parts[-1] = longer
        else:
            parts.append(line)
    parts = [part for part in parts if part] or [""]
    if len(parts) > FIELDS or max(map(len, parts)) > TEXT_LIMIT:
        raise Refused(
            "This part of the service is longer than a form in Slack holds. Write the catalog to a file with "
            "`releasedesk catalog export FILE`, change it there, and apply it."
        )
    return [(name if number == 1 else f"{name}:{number}", part) for number, part in enumerate(parts, 1)]


class FormText:
    """The fields of one form; each is remembered with its place in the service, for mistakes found later."""

    def __init__(self, entered: Mapping[str, Any]) -> None:
        self._entered = {
            name: text.replace("\r\n", "\n") if isinstance(text, str) else text for name, text in entered.items()
        }
        self._places: list[tuple[Path, str]] = []
        unfit = [name for name, text in self._entered.items() if isinstance(text, str) and not can_be_kept(text)]
        self._problems: dict[str, list[str]] = {name: [UNFIT] for name in unfit}

    def one(self, name: str, at: Path, held: str = "") -> str:
        """A field of one line; ``held`` as it was where it says the same."""
        self._places.append((at, name))
        text = _line(str(self._entered.get(name) or ""))
        return held if _line(held) == text else text

    def chosen(self, name: str, at: Path) -> list[str]:
        """The ids of the people, or the values, that were picked."""
        self._places.append((at, name))
        found = self._entered.get(name) or ()
        return [found] if isinstance(found, str) else [str(one) for one in found]

    def named(self, prefix: str) -> list[str]:
        """What follows ``prefix`` in the names of the fields that begin with it."""
        return [name.removeprefix(prefix) for name in self._entered if name.startswith(prefix)]

    def read(self, name: str, at: Path, read: Callable[[str], Any], held: tuple[str, Any] = ("", None)) -> Any:
        """A field of one line as ``read`` takes it; None where it is empty or wrong.

        ``held`` is what stood there, as text and as value: it stays where it says the same.
        """
        text = self.one(name, at)
        if text == _line(held[0]):
            return held[1]
        return self._try(name, text, read) if text else None

    def rows(
        self,
        name: str,
        at: Path,
        read: Callable[[str], Any] = str,
        held: Iterable[tuple[str, Any]] = (),
        *,
        commas: bool = False,
    ) -> list[Any]:
        """A list with an entry a line, or also with ``commas`` between; wrong ones are left out.

        A line that stands in ``held``, which has texts and values, stays what it was.
        """
        self._places.append((at, name))
        known = {_line(text): entry for text, entry in held}
        found: list[Any] = []
        for field in self._fields(name):
            for text in self._lines(field, known, commas=commas):
                entry = copy.deepcopy(known[text]) if text in known else self._try(field, text, read)
                if entry is not None:
                    self._places.append(((*at, len(found)), field))
                    found.append(entry)
        return found

    def stands_for(self, at: Path, name: str) -> None:
        """Have what is wrong at ``at`` said under the field ``name``."""
        self._places.append((at, name))

    def wrong(self, name: str, sentence: str) -> None:
        """Note that the field ``name`` cannot be taken as it is."""
        self._problems.setdefault(name, []).append(sentence)

    def misplaced(self, path: Path, sentence: str) -> None:
        """Note what is wrong at ``path`` of the service, under the field that stands nearest to it."""
        fitting = [(len(place), name) for place, name in self._places if path[: len(place)] == place]
        name = max(fitting, default=(0, self._places[0][1] if self._places else ""))[1]
        if sentence not in self._problems.get(name, ()):
            self.wrong(name, sentence)

    @property
    def problems(self) -> dict[str, str]:
        """Everything that is wrong, by field."""
        return {name: _joined(sentences) for name, sentences in self._problems.items()}

    def _fields(self, name: str) -> list[str]:
        """The fields that hold the list ``name``, in the order of their numbers."""
        numbered = {one.removeprefix(f"{name}:"): one for one in self._entered if one.startswith(f"{name}:")}
        first = [name] if name in self._entered else []
        return [*first, *(numbered[number] for number in sorted(filter(str.isdigit, numbered), key=int))]

    def _lines(self, field: str, known: Mapping[str, Any], *, commas: bool) -> list[str]:
        found = text_lines(str(self._entered[field] or ""))
        if not commas:
            return found
        split = [[text] if text in known else text.split(",") for text in found]
        return [entry for words in split for one in words if (entry := _line(one))]

    def _try(self, field: str, text: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(text)
        except ValueError as error:
            self.wrong(field, str(error))
            return None


def _line(text: str) -> str:
    return " ".join(text.split())


def _joined(sentences: list[str]) -> str:
    more = len(sentences) - SAID
    said = " ".join(sentences[:SAID])
    return f"{said} And {more} more." if more > 0 else said

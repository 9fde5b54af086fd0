"""Reads a submitted form about a service field by field and collects what is wrong.

A list too long for one field continues in others: ``plan``, ``plan:2`` and so on are read as one.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from models.catalog.mistakes import Path
from models.catalog.yaml_source import UNFIT_CHARACTER, is_fit
from models.errors import Refused
from models.limits import TEXT_LIMIT
from models.services.window_and_freeze_lines import text_lines

FIELD_FILL = 2500
"""Characters put into one field of a long list, which leaves room to write."""

MOST_FIELDS = 20
"""Fields of one list."""

MISTAKES_SHOWN = 3
"""Under one field."""


def spread(name: str, text: str) -> list[tuple[str, str]]:
    """``text`` over as many fields as it takes, at least one, each with its name.

    Raises Refused when a form can't hold it.
    """
    parts = [""]
    for line in text.splitlines():
        longer = f"{parts[-1]}\n{line}" if parts[-1] else line
        if len(longer) <= FIELD_FILL:
            parts[-1] = longer
        else:
            parts.append(line)
    parts = [part for part in parts if part] or [""]
    if len(parts) > MOST_FIELDS or max(map(len, parts)) > TEXT_LIMIT:
        raise Refused(
            "This part of the service is longer than a form in Slack holds. Write the catalog to a file with "
            "`releasedesk catalog export FILE`, change it there, and apply it."
        )
    return [(name if number == 1 else f"{name}:{number}", part) for number, part in enumerate(parts, 1)]


class SubmittedForm:
    """Remembers which place in the service each field was read for, to put later mistakes under it."""

    def __init__(self, entered: Mapping[str, Any]) -> None:
        self._entered = {
            name: text.replace("\r\n", "\n") if isinstance(text, str) else text for name, text in entered.items()
        }
        self._places: list[tuple[Path, str]] = []
        unfit = [name for name, text in self._entered.items() if isinstance(text, str) and not is_fit(text)]
        self._problems: dict[str, list[str]] = {name: [UNFIT_CHARACTER] for name in unfit}

    def one(self, name: str, at: Path, held: str = "") -> str:
        """A field of one line. Only white space differs from ``held``: then ``held`` is returned unchanged."""
        self._places.append((at, name))
        text = _line(str(self._entered.get(name) or ""))
        return held if _line(held) == text else text

    def chosen(self, name: str, at: Path) -> list[str]:
        """The people or options picked in a menu."""
        self._places.append((at, name))
        picked = self._entered.get(name) or ()
        return [picked] if isinstance(picked, str) else [str(value) for value in picked]

    def named(self, prefix: str) -> list[str]:
        """The names of fields that begin with ``prefix``, without it."""
        return [name.removeprefix(prefix) for name in self._entered if name.startswith(prefix)]

    def read(self, name: str, at: Path, read: Callable[[str], Any], held: tuple[str, Any] = ("", None)) -> Any:
        """A field of one line, read by ``read``; None if it is empty or wrong.

        ``held`` is the text and the value of before; the value is returned unless the text has changed.
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
        """A list with an entry a line, with ``commas`` also several; wrong ones are left out.

        ``held`` are the texts and values of before; a line that is among them keeps its value.
        """
        self._places.append((at, name))
        known = {_line(text): entry for text, entry in held}
        entries: list[Any] = []
        for field in self._fields(name):
            for text in self._lines(field, known, commas=commas):
                entry = copy.deepcopy(known[text]) if text in known else self._try(field, text, read)
                if entry is not None:
                    self._places.append(((*at, len(entries)), field))
                    entries.append(entry)
        return entries

    def stands_for(self, at: Path, name: str) -> None:
        """Put mistakes at ``at`` under the field ``name``."""
        self._places.append((at, name))

    def wrong(self, name: str, sentence: str) -> None:
        self._problems.setdefault(name, []).append(sentence)

    def misplaced(self, path: Path, sentence: str) -> None:
        """Note a mistake at ``path`` of the service, under the nearest field."""
        fitting = [(len(place), name) for place, name in self._places if path[: len(place)] == place]
        name = max(fitting, default=(0, self._places[0][1] if self._places else ""))[1]
        if sentence not in self._problems.get(name, ()):
            self.wrong(name, sentence)

    @property
    def problems(self) -> dict[str, str]:
        """By field."""
        return {name: _joined(sentences) for name, sentences in self._problems.items()}

    def _fields(self, name: str) -> list[str]:
        """The fields that hold the list ``name``, in order."""
        numbered = {one.removeprefix(f"{name}:"): one for one in self._entered if one.startswith(f"{name}:")}
        first = [name] if name in self._entered else []
        return [*first, *(numbered[number] for number in sorted(filter(str.isdigit, numbered), key=int))]

    def _lines(self, field: str, known: Mapping[str, Any], *, commas: bool) -> list[str]:
        lines = text_lines(str(self._entered[field] or ""))
        if not commas:
            return lines
        split = [[line] if line in known else line.split(",") for line in lines]
        return [entry for parts in split for part in parts if (entry := _line(part))]

    def _try(self, field: str, text: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(text)
        except ValueError as error:
            self.wrong(field, str(error))
            return None


def _line(text: str) -> str:
    return " ".join(text.split())


def _joined(sentences: list[str]) -> str:
    more = len(sentences) - MISTAKES_SHOWN
    shown = " ".join(sentences[:MISTAKES_SHOWN])
    return f"{shown} And {more} more." if more > 0 else shown

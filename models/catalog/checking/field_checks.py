"""Checks of single fields: pydantic's errors about the document as sentences to act on."""

import difflib
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.catalog.document import Catalog
from models.catalog.mistakes import Path, Problem


def read_fields(data: Any) -> tuple[Catalog | None, list[Problem]]:
    """The catalog that ``data`` describes, or None, and what is wrong with its fields."""
    unknown = _unknown_revision(data)
    try:
        return Catalog.model_validate(data), unknown
    except ValidationError as error:
        return None, [*unknown, *_problems(error, data)]


def nearest(name: str, known: Sequence[str]) -> str:
    """A hint that begins with a space: `` Did you mean 'notice'?``, or what exists unless that is too much."""
    listing = f" There is: {', '.join(known)}." if 0 < len(known) <= 20 else ""
    return _close(name, known) or listing


def _unknown_revision(data: Any) -> list[Problem]:
    """The document has a field ``revision`` that the format doesn't have: it is counted, not written."""
    if isinstance(data, dict) and "revision" in data:
        return [(("revision",), _unknown("revision", _fields(Catalog)))]
    return []


def _problems(error: ValidationError, data: Any) -> Iterator[Problem]:
    reported: set[Path] = set()
    for detail in error.errors(include_url=False):
        path = _written(detail["loc"], data)
        emptied = detail["type"] == "too_short" and detail["input"]  # its entries are wrong and reported themselves
        if path not in reported and not emptied:
            reported.add(path)
            yield path, _sentence(detail, path)


def _written(loc: Path, data: Any) -> Path:
    """The part of pydantic's location that exists in the file; pydantic appends names of union members."""
    for depth, step in enumerate(loc):
        inside = isinstance(data, Mapping) and step in data
        if not inside and not (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            missing = isinstance(data, Mapping) and step != "[key]"
            return loc[: depth + 1] if missing else loc[:depth]
        data = data[step]
    return loc


def _sentence(detail: ErrorDetails, path: Path) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        return "This is missing."
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), _fields_at(path[:-1]))
    if kind == "value_error":
        message = str(context["error"])
        return f"{message[0].upper()}{message[1:]}."
    if value is None:
        return "This is empty. Write a value, or leave the field out where it is not required."
    if kind == "literal_error":
        return _not_among(value, typing.get_args(_annotation(path)), context)
    return _KINDS.get(kind, _kind_of_text)(value, context)


def _unknown(name: str, known: Sequence[str]) -> str:
    return f"There is no field {name!r} here.{nearest(name, known)}"


def _not_among(value: Any, allowed: Sequence[Any], context: Mapping[str, Any]) -> str:
    choices = [str(choice) for choice in allowed if isinstance(choice, str)]
    if not choices:
        return f"{_shown(value)} does not fit here; write {context.get('expected', '')}."
    return f"{_shown(value)} is not among {', '.join(choices)}." + _close(str(value), choices)


def _close(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _kind_of_text(value: Any, _context: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return "YAML reads yes, no, on and off as true and false. Put the text in quotes."
    if isinstance(value, (list, dict)):
        return "A single text is needed here."
    return f'YAML does not read this as text. Put it in quotes: "{str(value)[:60]}".'


def _whole_number(value: Any, _context: Mapping[str, Any]) -> str:
    return f"A whole number is needed here, without quotes, not {_shown(value)}."


def _too_long(value: Any, context: Mapping[str, Any]) -> str:
    return f"This is {len(value):,} characters long; {context['max_length']:,} is the most."


_KINDS: dict[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "bool_type": lambda value, _: f"This is true or false, without quotes, not {_shown(value)}.",
    "int_type": _whole_number,
    "int_parsing": _whole_number,
    "int_from_float": _whole_number,
    "tuple_type": lambda _value, _: "A list is needed here, such as [a, b] or lines that begin with a dash.",
    "mapping_type": lambda _value, _: "Fields with values are needed here, one a line: key: value.",
    "model_type": lambda _value, _: "Fields with values are needed here, one a line: key: value.",
    "model_attributes_type": lambda _value, _: "Fields with values are needed here, one a line: key: value.",
    "too_short": lambda _value, _: "At least one is needed here.",
    "string_too_short": lambda _value, _: "This is empty. Write a text.",
    "string_too_long": _too_long,
    "greater_than_equal": lambda value, context: f"{value} is too small; {context['ge']} is the least.",
    "less_than_equal": lambda value, context: f"{value} is too large; {context['le']} is the most.",
}


def _shown(value: Any) -> str:
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "fields"
    return repr(value)[:60] if isinstance(value, str) else str(value).lower()[:60]


def _fields(part: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in part.model_fields.items() if not field.exclude]


def _fields_at(path: Path) -> list[str]:
    part = _annotation(path)
    return _fields(part) if isinstance(part, type) and issubclass(part, BaseModel) else []


def _annotation(path: Path) -> Any:
    """The document's annotation for the value at ``path``; None where it has none."""
    kind: Any = Catalog
    for step in path:
        kind = _inside(_plain(kind), step)
    return _plain(kind)


def _inside(kind: Any, step: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return fields.get(str(step))
    arguments = typing.get_args(kind)
    if not arguments:
        return None
    return arguments[1] if issubclass(typing.get_origin(kind), Mapping) else arguments[0]


def _plain(kind: Any) -> Any:
    """``kind`` without ``Annotated`` and without ``None``."""
    while typing.get_origin(kind) in (typing.Annotated, typing.Union, types.UnionType):
        members = [member for member in typing.get_args(kind) if member is not type(None)]
        kind = members[0]
    return kind

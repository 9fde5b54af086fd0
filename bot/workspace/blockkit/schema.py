"""A small schema library: checks that combine, and shapes of objects made from them."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """What is wrong, and the JSON pointer to it."""

    pointer: str
    message: str
    code: str

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


Check = Callable[[Any, str], Iterator[Problem]]
"""Takes a value and its pointer; yields what is wrong with it."""

Rule = Callable[[dict[str, Any], str], Iterator[Problem]]
"""A check across the fields of an object, made once each field is right by itself."""


@dataclass(frozen=True)
class Shape:
    """An object: its required and optional fields, and rules across them."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def __call__(self, value: Any, pointer: str) -> Iterator[Problem]:
        """Ignores the field ``type``, which :func:`typed` has read."""
        if not isinstance(value, dict):
            yield Problem(pointer, "must provide an object", "type")
            return
        problems = [
            *(
                Problem(pointer, f"missing required field: {key}", "required")
                for key in self.required
                if key not in value
            ),
            *self._in_fields(value, pointer),
        ]
        yield from problems
        if not problems:
            for rule in self.rules:
                yield from rule(value, pointer)

    def _in_fields(self, value: dict[str, Any], pointer: str) -> Iterator[Problem]:
        for key, given in value.items():
            check = self.required.get(key) or self.optional.get(key)
            if check is not None:
                yield from check(given, f"{pointer}/{key}")
            elif key != "type":
                yield Problem(pointer, f"invalid additional property: {key}", "additional_property")


def string(most: int | None = None, least: int = 1, pattern: str | None = None) -> Check:
    """``least`` and ``most`` count characters."""
    expression = re.compile(pattern, re.DOTALL) if pattern else None

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(pointer, "must be a string", "type")
        elif len(value) < least:
            yield Problem(pointer, f"must be more than {least - 1} characters", "min_length")
        elif most is not None and len(value) > most:
            yield Problem(pointer, f"must be less than {most + 1} characters", "max_length")
        elif expression and not expression.fullmatch(value):
            yield Problem(pointer, "does not match the expected format", "pattern")

    return check


def flag(value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(pointer, "must be a boolean", "type")


def integer(least: int | None = None, most: int | None = None) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(pointer, "must be an integer", "type")
        elif least is not None and value < least:
            yield Problem(pointer, f"must be more than {least - 1}", "min_value")
        elif most is not None and value > most:
            yield Problem(pointer, f"must be less than {most + 1}", "max_value")

    return check


def number(value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        yield Problem(pointer, "must be a finite number", "type")


def positive(value: Any, pointer: str) -> Iterator[Problem]:
    yield from number(value, pointer)
    if isinstance(value, int | float) and value <= 0:
        yield Problem(pointer, "must be more than 0", "min_value")


def one_of(*values: Any) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if value not in values:
            yield Problem(pointer, f"must be a valid enum value: {', '.join(map(str, values))}", "enum")

    return check


def list_of(item: Check, most: int | None = None, least: int = 1) -> Check:
    """``least`` and ``most`` count items."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(pointer, "must provide an array", "type")
            return
        if len(value) < least:
            yield Problem(pointer, f"no fewer than {least} items allowed", "min_items")
        if most is not None and len(value) > most:
            yield Problem(pointer, f"no more than {most} items allowed", "max_items")
            return
        for number_, one in enumerate(value):
            yield from item(one, f"{pointer}/{number_}")

    return check


def typed(shapes: Mapping[str, Check], allowed: Iterable[str] | None = None) -> Check:
    """An object whose ``type`` picks its shape; only ``allowed`` types, or all that ``shapes`` has."""
    names = None if allowed is None else frozenset(allowed)

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer, "must provide an object", "type")
            return
        kind = value.get("type")
        if kind is None:
            yield Problem(pointer, "missing required field: type", "required")
        elif not isinstance(kind, str) or kind not in shapes or (names is not None and kind not in names):
            yield Problem(f"{pointer}/type", f"unsupported type: {kind}", "unsupported_type")
        else:
            yield from shapes[kind](value, pointer)

    return check


def later(find: Callable[[], Check]) -> Check:
    """Looks the check up when it is needed: for shapes that contain themselves."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        yield from find()(value, pointer)

    return check


def needs_one(*keys: str) -> Rule:
    """At least one of the fields."""

    def rule(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
        if not any(value.get(key) for key in keys):
            yield Problem(pointer, f"must define either {' or '.join(f'`{key}`' for key in keys)}", "required")

    return rule


def not_both(one: str, other: str) -> Rule:
    def rule(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
        if one in value and other in value:
            yield Problem(pointer, f"cannot define both `{one}` and `{other}`", "exclusive")

    return rule

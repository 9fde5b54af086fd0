"""Events: what has happened, in the past tense. One is recorded where the change is made and commits with it."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """``person`` is a Slack user id, ``import`` for an imported file, or ``system`` (time, pipelines, terminal).

    ``surface`` is ``command``, ``button``, ``modal``, ``home``, ``shortcut``, ``schedule``, ``hook`` or ``cli``.
    """

    person: str
    surface: str


SYSTEM = Actor(person="system", surface="schedule")
"""What time does: reminders, digests, sweeps."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to one subject.

    Subclasses add the facts that a message shows later, when the subject may have changed again.
    """

    tag: ClassVar[str]
    """The audit tag, e.g. ``release:approval:granted``."""
    kind: ClassVar[str]
    """What the subject is, e.g. ``known_error``."""

    subject: int | str
    release_id: int | None = None
    grounds: str = ""
    """The reason given, or the rule that held."""

    def facts(self) -> dict[str, Any]:
        """The fields that the subclass adds, ready for JSON."""
        return {name: getattr(self, name) for name in _own_fields(type(self))}


_BASE = frozenset(("subject", "release_id", "grounds"))
_names: dict[type[Event], tuple[str, ...]] = {}


def _own_fields(kind: type[Event]) -> tuple[str, ...]:
    if kind not in _names:
        _names[kind] = tuple(field.name for field in fields(kind) if field.name not in _BASE)
    return _names[kind]

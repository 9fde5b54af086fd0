"""Faults on demand: the workspace fails as Slack or a network does."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

KINDS = {
    "lose_ack": "the app's acknowledgement of a delivery is dropped, as if it never came",
    "duplicate": "a delivery is made twice",
    "server_error": "a method answers with an HTTP status (`status`, 503 unless told) and is not carried out",
    "ratelimited": "a method answers 429 with `seconds` in Retry-After",
    "slow": "a method answers only after `seconds`",
    "cut_before": "the connection of a call is cut before it is carried out",
    "cut_after": "a call is carried out, then its connection is cut without an answer",
    "refuse_blocks": "messages and views holding a block of type `target` are refused with invalid_blocks",
    "redeliver_interactions": "commands and interactions are redelivered like events when not acknowledged",
}
"""Shown on the page."""


@dataclass
class Fault:
    """``target`` is a pattern (``chat.*``) for a method, a kind of delivery or a type of block.

    ``times`` counts how often it still strikes; None means until it is switched off.
    """

    id: int
    kind: str
    target: str = "*"
    times: int | None = 1
    seconds: float = 1.0
    status: int = 503


@dataclass
class Faults:
    """The faults that are on, oldest first; ``changed`` is called after every change."""

    changed: Callable[[], None] = lambda: None
    _on: list[Fault] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def add(
        self, kind: str, target: str = "*", times: int | None = 1, *, seconds: float = 1.0, status: int = 503
    ) -> Fault:
        """Raises ValueError for an unknown kind or a count below 1."""
        if kind not in KINDS:
            raise ValueError(f"there is no fault {kind!r}; there are {', '.join(KINDS)}")
        if times is not None and times < 1:
            raise ValueError("a fault strikes at least once")
        fault = Fault(next(self._numbers), kind, target, times, seconds, status)
        self._on.append(fault)
        self.changed()
        return fault

    def strike(self, kind: str, name: str) -> Fault | None:
        """The fault of ``kind`` that hits ``name`` now, counted down; None if none does."""
        if not self._on:
            return None
        fault = next((one for one in self._on if one.kind == kind and fnmatchcase(name, one.target)), None)
        if fault and fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self._on.remove(fault)
            self.changed()
        return fault

    def remove(self, number: int) -> None:
        """Does nothing for an unknown id."""
        self._on = [one for one in self._on if one.id != number]
        self.changed()

    def clear(self) -> None:
        self._on.clear()
        self.changed()

    def all(self) -> list[Fault]:
        return list(self._on)

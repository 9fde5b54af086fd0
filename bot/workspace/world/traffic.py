"""The log of what went over the wire between the app and the workspace."""

import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

KEPT = 1000
"""Entries; older ones are dropped."""

_SECRET = re.compile(r"(xox[a-z]|xapp)-[\w-]+|(?<=ticket=)[\w-]+|(?<=/response/)[\w-]+")

_SECRET_KEYS = frozenset({"token", "authorization", "trigger_id"})


@dataclass
class TrafficEntry:
    """One call of the app ("call") or one delivery to it ("delivery"), with times in milliseconds.

    ``status`` is the HTTP status of a call; for a delivery ``outcome`` says how it ended: acknowledged, no answer,
    acknowledgement lost, failed. ``attempt`` counts redeliveries from 0.
    """

    id: int
    at: datetime
    kind: Literal["call", "delivery"]
    name: str
    request: Any
    answer: Any = None
    status: int | None = None
    outcome: str = ""
    duration_ms: float = 0.0
    attempt: int = 0

    @property
    def ok(self) -> bool:
        if self.kind == "delivery":
            return self.outcome == "acknowledged"
        return bool(isinstance(self.answer, dict) and self.answer.get("ok"))

    def shown(self) -> dict[str, Any]:
        """As JSON, with secrets masked."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "name": self.name,
            "ok": self.ok,
            "status": self.status,
            "outcome": self.outcome,
            "attempt": self.attempt,
            "duration_ms": round(self.duration_ms, 1),
            "request": masked(self.request),
            "answer": masked(self.answer),
        }


@dataclass
class Traffic:
    """The last :data:`KEPT` entries, oldest first."""

    _entries: deque[TrafficEntry] = field(default_factory=lambda: deque(maxlen=KEPT))
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def begin(self, at: datetime, kind: Literal["call", "delivery"], name: str, request: Any) -> TrafficEntry:
        """The caller completes the entry in place."""
        entry = TrafficEntry(next(self._numbers), at, kind, name, request)
        self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[TrafficEntry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def last(self, count: int = 100) -> list[TrafficEntry]:
        """Newest first."""
        return list(itertools.islice(reversed(self._entries), count))

    def find(self, number: int) -> TrafficEntry | None:
        return next((one for one in self._entries if one.id == number), None)


def masked(data: Any) -> Any:
    """A copy of JSON ``data`` without tokens, tickets and usable response URLs."""
    if isinstance(data, dict):
        return {key: "***" if key in _SECRET_KEYS and value else masked(value) for key, value in data.items()}
    if isinstance(data, list):
        return [masked(one) for one in data]
    if isinstance(data, str):
        return _SECRET.sub("***", data)
    return data

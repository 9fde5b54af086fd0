"""Reducing the rows of each incident to its final state: the last row that the tool did not save earlier."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.support.importing.reader import Row

IMPORTED_COLUMNS = (
    "opened_at",
    "resolved_at",
    "closed_at",
    "state",
    "priority",
    "ci",
    "service",
    "symptom",
    "change",
    "caused_by",
    "problem",
    "updates",
)
"""The columns of :class:`~models.support.tables.Incident` that an import writes."""


@dataclass(slots=True)
class FinalState:
    """The final state of an incident in a group of rows; ``problems`` has when each problem was first named."""

    row: Row
    problems: dict[str, datetime] = field(default_factory=dict)

    @property
    def problem_since(self) -> datetime:
        return self.problems[self.row.problem]


def final_states(rows: Iterable[Row]) -> dict[str, FinalState]:
    """By incident number."""
    states: dict[str, FinalState] = {}
    for row in rows:
        final = states.setdefault(row.number, FinalState(row))
        if row.updates >= final.row.updates:
            final.row = row
        if row.problem:
            since = final.problems.get(row.problem, row.seen_at)
            final.problems[row.problem] = min(since, row.seen_at)
    return states


def incident_columns(row: Row, service: str | None) -> dict[str, Any]:
    return {
        "opened_at": row.opened_at,
        "resolved_at": row.resolved_at,
        "closed_at": row.closed_at,
        "state": row.state,
        "priority": row.priority,
        "ci": row.ci or None,
        "service": service,
        "symptom": row.symptom,
        "change": row.change or None,
        "caused_by": row.caused_by or None,
        "problem": row.problem or None,
        "updates": row.updates,
    }


def outdated(row: Row, known: Mapping[str, Any]) -> bool:
    """Whether the tool saved ``known`` after ``row``."""
    return bool(row.updates < known["updates"])


def differs(written: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    return any(written[name] != known[name] for name in IMPORTED_COLUMNS)

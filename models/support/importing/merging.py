"""From rows to incidents: the last row of a number is its final state, unless it is an older one."""

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
"""The columns of an incident that an import writes."""


@dataclass(slots=True)
class FinalState:
    """The final state of one incident within a group of rows; ``problems`` says since when each was named."""

    row: Row
    problems: dict[str, datetime] = field(default_factory=dict)

    @property
    def problem_since(self) -> datetime:
        """Since when the problem of the final state is known."""
        return self.problems[self.row.problem]


def final_states(rows: Iterable[Row]) -> dict[str, FinalState]:
    """The final state of each incident, by number; a row the tool wrote earlier never replaces a later one."""
    found: dict[str, FinalState] = {}
    for row in rows:
        final = found.setdefault(row.number, FinalState(row))
        if row.updates >= final.row.updates:
            final.row = row
        if row.problem:
            since = final.problems.get(row.problem, row.seen_at)
            final.problems[row.problem] = min(since, row.seen_at)
    return found


def incident_columns(row: Row, service: str | None) -> dict[str, Any]:
    """What an import writes of ``row``."""
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
    """Whether the tool has written ``known`` after ``row``."""
    return bool(row.updates < known["updates"])


def differs(written: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether writing would change anything."""
    return any(written[name] != known[name] for name in IMPORTED_COLUMNS)

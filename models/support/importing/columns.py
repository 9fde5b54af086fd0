"""Finding the columns of an export by their headings: ServiceNow's labels or its field names."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.support.importing.lines import split_fields

DELIMITERS = (",", ";", "\t")

NAMES: dict[str, tuple[str, ...]] = {
    "number": ("number", "incident", "incident_number", "incident_id", "task_number"),
    "opened": ("opened_at", "opened", "open_time", "sys_created_at", "sys_created_on", "created"),
    "resolved": ("resolved_at", "resolved", "resolve_time"),
    "closed": ("closed_at", "closed", "close_time"),
    "updated": ("sys_updated_at", "sys_updated_on", "updated"),
    "state": ("incident_state", "state", "status"),
    "priority": ("priority",),
    "ci": ("cmdb_ci", "configuration_item", "affected_ci", "ci"),
    "symptom": ("u_symptom", "short_description", "symptom", "description"),
    "problem": ("problem_id", "problem", "problem_number"),
    "change": ("rfc", "change_request", "change"),
    "caused_by": ("caused_by", "caused_by_change"),
    "updates": ("sys_mod_count", "updates", "update_count"),
}
"""The headings of each field, most specific first; case and punctuation do not matter."""

REQUIRED = {"number": "the incident's number", "opened": "when it was opened"}


@dataclass(frozen=True, slots=True)
class Columns:
    """The index of each field, -1 if the file lacks it; ``count`` is the number of columns."""

    delimiter: str
    count: int
    number: int
    opened: int
    resolved: int
    closed: int
    updated: int
    state: int
    priority: int
    ci: int
    symptom: int
    problem: int
    change: int
    caused_by: int
    updates: int


def find_columns(heading: str) -> Columns:
    """Raises ValueError with a sentence if a required column is missing."""
    delimiter, names = _split(heading)
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(_fold(name), place)
    indexes = {
        field: next((places[alias] for alias in aliases if alias in places), -1) for field, aliases in NAMES.items()
    }
    missing = [field for field in REQUIRED if indexes[field] < 0]
    if missing:
        raise ValueError(_missing(missing, names))
    return Columns(delimiter=delimiter, count=len(names), **indexes)


def _split(heading: str) -> tuple[str, list[str]]:
    splits = []
    for delimiter in DELIMITERS:
        try:
            splits.append((delimiter, split_fields(heading, delimiter)))
        except (csv.Error, StopIteration):
            continue
    return max(splits, key=lambda pair: len(pair[1]), default=(",", []))


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.strip().casefold()).strip("_")


def _missing(fields: Sequence[str], names: Sequence[str]) -> str:
    lacks = " and ".join(f"for {REQUIRED[field]} (such as {NAMES[field][0]})" for field in fields)
    has = ", ".join(name.strip()[:40] for name in names[:12] if name.strip()) or "nothing"
    return f"has no column {lacks}; its first line has: {has}"

"""Files of incidents for tests of the import."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

EXCERPT = Path(__file__).parent.parent / "data" / "servicenow-excerpt.csv"

HEADING = (
    "number",
    "opened_at",
    "sys_mod_count",
    "problem_id",
    "u_symptom",
    "priority",
    "incident_state",
    "cmdb_ci",
)


def line(
    number: str, opened: str = "29/2/2016 01:16", updates: int = 0, problem: str = "?", **more: str
) -> list[str]:
    return [
        number,
        opened,
        str(updates),
        problem,
        more.get("symptom", "Symptom 72"),
        more.get("priority", "3 - Moderate"),
        more.get("state", "New"),
        more.get("ci", "?"),
    ]


def write(path: Path, lines: Iterable[Sequence[str]], heading: Sequence[str] = HEADING) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *lines])
    return path


def many(path: Path, copies: int) -> Path:
    """The excerpt, repeated with new incident numbers."""
    with EXCERPT.open(newline="") as file:
        heading, *rows = csv.reader(file)
    renumbered = (
        [f"INC{int(row[0][3:]) + copy * 1_000_000:010d}", *row[1:]] for copy in range(copies) for row in rows
    )
    return write(path, renumbered, heading)

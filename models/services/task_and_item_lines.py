"""Tasks of a plan and configuration items as lines with bars between the fields, as people type them.

A bar or backslash within a text is escaped with a backslash.
"""

import re
from collections.abc import Sequence
from typing import Any

from models.catalog.document import ConfigurationItem, PlanItem
from models.services.approval_and_frequency_lines import read_role

TASK_EXAMPLE = "T-7d | communication | Announce the release | release_manager | milestone"

ITEM_EXAMPLE = "pay-api | software | Payments API | 9.1.0 | pay-db >=14,<16"

_PIECE = re.compile(r"\\([\\|])|(\|)|([^\\|]+|\\)")


def task_text(task: PlanItem) -> str:
    """As :func:`read_task` reads it."""
    fields = [task.due, task.phase.replace("_", " "), task.title, task.owner]
    return written_fields([*fields, "milestone"] if task.milestone else fields)


def read_task(line: str, roles: Sequence[str]) -> dict[str, Any]:
    """Raises ValueError with a sentence. The owner is a role, by its key or words."""
    fields = bar_fields(line)
    marked = fields[4:]
    if len(fields) not in (4, 5) or not all(fields[:4]) or marked not in ([], [""], ["milestone"], ["Milestone"]):
        raise ValueError(f"{line[:60]!r} is no task; write for example: {TASK_EXAMPLE}.")
    return {
        "due": re.sub(r"\s", "", fields[0]).replace("t", "T"),
        "phase": _phase(fields[1]),
        "title": fields[2],
        "owner": read_role(fields[3], roles),
        "milestone": any(marked),
    }


def item_text(item: ConfigurationItem) -> str:
    """As :func:`read_item` reads it."""
    fields = [item.key, item.kind, item.name, item.version]
    works_with = "; ".join(f"{key} {versions}" for key, versions in item.compatible_with.items())
    return written_fields([*fields, works_with] if works_with else fields)


def read_item(line: str) -> dict[str, Any]:
    """Raises ValueError with a sentence."""
    fields = bar_fields(line)
    if len(fields) not in (4, 5) or not all(fields[:4]):
        raise ValueError(f"{line[:60]!r} is no configuration item; write for example: {ITEM_EXAMPLE}.")
    works_with = [part.split(maxsplit=1) for part in "".join(fields[4:]).split(";") if part.strip()]
    if any(len(part) != 2 for part in works_with):
        raise ValueError(f"{fields[4][:60]!r} names no versions; write for example: pay-db >=14,<16.")
    return {
        "key": fields[0],
        "kind": fields[1].lower(),
        "name": fields[2],
        "version": fields[3],
        "compatible_with": {part[0]: part[1].strip() for part in works_with},
    }


def _phase(text: str) -> str:
    """A phase in any case and however its words are joined; the catalog's own rule checks that it exists."""
    words = re.sub(r"[\s_-]+", " ", text).strip().lower()
    return {"back out": "back-out", "early life support": "early_life_support"}.get(words, text.strip())


def written_fields(fields: Sequence[str]) -> str:
    return " | ".join(re.sub(r"([\\|])", r"\\\1", field) for field in fields)


def bar_fields(line: str) -> list[str]:
    fields = [""]
    for escaped, bar, text in _PIECE.findall(line):
        if bar:
            fields.append("")
        else:
            fields[-1] += escaped or text
    return [" ".join(field.split()) for field in fields]

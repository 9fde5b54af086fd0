"""Rules of risk, and approvals from a risk on, as people type them into a form.

A rule is ``high: type major | changes 6 | hours mon-fri 09:00-17:00``, approvals are ``high: owner: 2``.
"""

from collections.abc import Sequence
from typing import Any

from models.catalog.document import RiskRule
from models.risk_levels import RAISED
from models.services.approval_and_frequency_lines import approval_line, read_approval
from models.services.task_and_item_lines import bar_fields, written_fields
from models.services.window_and_freeze_lines import read_window, window_line

RULE_EXAMPLE = "high: type major | changes 6 | hours mon-fri 09:00-17:00"

_LISTS = ("type", "method", "items")


def risk_line(rule: RiskRule) -> str:
    """As :func:`read_risk_rule` reads it, as long as no name has a comma."""
    when = rule.when
    fields = [f"{name} {', '.join(getattr(when, name))}" for name in _LISTS if getattr(when, name)]
    fields += [f"changes {when.changes}"] if when.changes else []
    fields += [f"hours {window_line(one)}" for one in when.hours]
    return f"{rule.is_}: {written_fields(fields)}"


def read_risk_rule(line: str) -> dict[str, Any]:
    """Raises ValueError with a sentence."""
    risk, colon, rest = line.partition(":")
    if not colon or _level(risk) not in RAISED:
        raise ValueError(f"{line[:60]!r} is no rule; write for example: {RULE_EXAMPLE}.")
    when: dict[str, Any] = {}
    for field in bar_fields(rest):
        name, _, value = field.partition(" ")
        name, value = _NAMES.get(name.casefold(), ""), value.strip()
        if not name or not value or (name in when and name != "hours"):
            raise ValueError(f"{field[:60]!r} is no condition; write for example: {RULE_EXAMPLE}.")
        if name == "hours":
            when.setdefault("hours", []).append(read_window(value))
        elif name == "changes":
            when["changes"] = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
        else:
            when[name] = [one for one in (part.strip() for part in value.split(",")) if one]
    return {"when": when, "is": _level(risk)}


_NAMES = {
    "type": "type",
    "types": "type",
    "method": "method",
    "methods": "method",
    "item": "items",
    "items": "items",
    "changes": "changes",
    "hours": "hours",
}


def approval_from_line(risk: str, role: str, count: int) -> str:
    return f"{risk}: {approval_line(role, count)}"


def read_approval_from(line: str, roles: Sequence[str]) -> tuple[str, str, int]:
    """Risk, role and count from ``high: owner: 2``. Raises ValueError with a sentence."""
    risk, colon, rest = line.partition(":")
    if not colon or _level(risk) not in RAISED or not rest.strip():
        raise ValueError(f"{line[:60]!r} says no risk and role; write for example: high: owner: 2.")
    return _level(risk), *read_approval(rest.strip(), roles)


def _level(text: str) -> str:
    return text.strip().casefold()

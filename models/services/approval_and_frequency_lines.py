"""Approvals by role, frequencies and lengths of time as people type them into a form."""

import re
from collections.abc import Sequence
from typing import Any

from models.catalog.document import AtMost

_COUNT_LAST = re.compile(r"([^:]*[^:\s])\s*[:\s]\s*(\d{1,6})")

_COUNT_FIRST = re.compile(r"(\d{1,6})\s*[x*]?\s+(\S.*)")

_AT_MOST = re.compile(r"(\d{1,6})\s*(?:x|times?)?\s*(?:every|in|per|/|each)\s*(\S.*)", re.IGNORECASE)

_LENGTH = re.compile(r"(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)", re.IGNORECASE)


def read_role(text: str, roles: Sequence[str]) -> str:
    """The one of ``roles`` that ``text`` names, in any case and spelling of spaces; else ``text`` as a key."""
    if text in roles:
        return text
    return _known(text, roles) or re.sub(r"\s+", "_", text.strip())


def approval_line(role: str, count: int) -> str:
    return f"{role}: {count}"


def read_approval(line: str, roles: Sequence[str]) -> tuple[str, int]:
    """A role and a count from ``release_manager: 2``, ``2 release managers`` or ``release_manager``."""
    last, first = _COUNT_LAST.fullmatch(line), _COUNT_FIRST.fullmatch(line)
    if last and _known(line, roles) is None:
        return read_role(last[1], roles), int(last[2])
    if first:
        role = first[2] if _known(first[2], roles) or not first[2].endswith("s") else first[2][:-1]
        return read_role(role, roles), int(first[1])
    return read_role(line, roles), 1


def at_most_line(at_most: AtMost) -> str:
    return f"{at_most.count} every {at_most.every}"


def read_at_most(text: str) -> dict[str, Any]:
    """Read ``1 every 30d``. Raises ValueError with a sentence."""
    match = _AT_MOST.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:60]!r} does not say how often; write for example: 1 every 30d.")
    return {"count": int(match[1]), "every": read_length(match[2])}


def read_length(text: str) -> str:
    """``14 days`` as ``14d``; anything else is returned as it is, for the catalog's own rule to explain."""
    match = _LENGTH.fullmatch(text)
    return f"{match[1]}{match[2][0].lower()}" if match else text


def _known(text: str, roles: Sequence[str]) -> str | None:
    return next((role for role in roles if _folded(role) == _folded(text)), None)


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip()).casefold()

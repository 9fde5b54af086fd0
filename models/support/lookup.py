"""Known errors and incidents by number; an unknown number is answered with the nearest ones.

The nearest are queried by name (the variants one typo away) and by order (the neighbours), so the cost does not
depend on how many there are.
"""

import re
from collections.abc import Iterable

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotFound
from models.support.numbers import known_error_number
from models.support.tables import Incident, KnownError

NEAREST = 3
"""Numbers that an answer proposes."""

CANDIDATES_READ = 50
"""Incidents read for each kind of nearness."""

LARGEST_ID = 2**31 - 1

WIDTHS = range(1, 16)
"""Digits that a zero-padded incident number may have."""

_PARTS = re.compile(r"(\D*)(\d+)")

_ALPHABET = "0123456789INC"


async def load_known_error(session: AsyncSession, number: int, *, lock: bool = False) -> KnownError:
    """Raises :class:`~models.errors.NotFound` with the nearest known errors."""
    found = await session.get(KnownError, number, with_for_update=lock) if number <= LARGEST_ID else None
    if found is None:
        nearest = await nearest_known_errors(session, number)
        hint = "" if nearest else " /known-error record makes the first one."
        raise NotFound(f"There is no known error {known_error_number(number)}.{hint}", nearest)
    return found


async def load_incident(session: AsyncSession, number: str) -> Incident:
    """Raises :class:`~models.errors.NotFound` with the nearest incidents."""
    found = await find_incident(session, number)
    if found is None:
        nearest = await nearest_incidents(session, number)
        hint = "" if nearest else f" Linking it makes it known: /incident link {number} KE-1."
        raise NotFound(f"Incident {number} is not known here.{hint}", nearest)
    return found


async def find_incident(session: AsyncSession, number: str) -> Incident | None:
    """The incident ``number``, or the only one whose number differs just by leading zeros."""
    found = await session.get(Incident, number)
    if found is None:
        query = select(Incident).where(col(Incident.number).in_(_zero_padded(number)))
        alike = (await session.exec(query.limit(2))).all()
        found = alike[0] if len(alike) == 1 else None
    return found


async def nearest_known_errors(session: AsyncSession, number: int) -> list[str]:
    slips = {int(one) for one in _typos(str(number), "0123456789") if one.isdigit() and int(one) <= LARGEST_ID}
    queries = (
        select(KnownError.id).where(col(KnownError.id).in_(slips)),
        select(KnownError.id)
        .where(col(KnownError.id) < min(number, LARGEST_ID))
        .order_by(col(KnownError.id).desc()),
        select(KnownError.id).where(col(KnownError.id) > min(number, LARGEST_ID)).order_by(col(KnownError.id)),
    )
    found = {one for query in queries for one in (await session.exec(query.limit(NEAREST))).all() if one}
    ordered = sorted(found, key=lambda one: (_edit_distance(str(number), str(one)), abs(one - number)))
    return [known_error_number(one) for one in ordered[:NEAREST]]


async def nearest_incidents(session: AsyncSession, number: str) -> list[str]:
    queries = [
        select(Incident.number).where(
            col(Incident.number).in_({*_typos(number, _ALPHABET), *_zero_padded(number)})
        ),
        select(Incident.number).where(col(Incident.number) < number).order_by(col(Incident.number).desc()),
        select(Incident.number).where(col(Incident.number) > number).order_by(col(Incident.number)),
    ]
    found = {one for query in queries for one in (await session.exec(query.limit(CANDIDATES_READ))).all()}
    ordered = sorted(found, key=lambda one: (_edit_distance(number, one), _number_distance(number, one), one))
    return ordered[:NEAREST]


def _edit_distance(one: str, other: str) -> int:
    """Damerau-Levenshtein distance: characters added, omitted, replaced or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        following = [at]
        for place, wanted in enumerate(other, 1):
            cost = min(row[place] + 1, following[-1] + 1, row[place - 1] + (char != wanted))
            if at > 1 and place > 1 and char == other[place - 2] and one[at - 2] == wanted:
                cost = min(cost, before[place - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]


def _number_distance(one: str, other: str) -> int:
    """The difference between two numbers with the same prefix; :data:`LARGEST_ID` if the prefixes differ."""
    parts, others = _PARTS.fullmatch(one), _PARTS.fullmatch(other)
    if parts is None or others is None or parts[1] != others[1]:
        return LARGEST_ID
    return abs(int(parts[2]) - int(others[2]))


def _zero_padded(number: str) -> set[str]:
    """``number`` with every possible padding; bare digits get the prefix ``INC``."""
    parts = _PARTS.fullmatch(number)
    if parts is None:
        return set()
    prefix, digits = parts[1] or "INC", parts[2].lstrip("0") or "0"
    return {f"{prefix}{digits.zfill(width)}" for width in WIDTHS if width >= len(digits)}


def _typos(text: str, alphabet: Iterable[str]) -> set[str]:
    """Everything one typo away from ``text``: a character omitted, added or replaced, or two swapped."""
    cuts = [(text[:at], text[at:]) for at in range(len(text) + 1)]
    omitted = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    replaced = {head + char + tail[1:] for head, tail in cuts if tail for char in alphabet}
    added = {head + char + tail for head, tail in cuts for char in alphabet}
    return (omitted | swapped | replaced | added) - {text, ""}

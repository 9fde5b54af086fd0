"""Finding known errors by words, with the same results on SQLite and PostgreSQL.

Every word has to occur, if only as the beginning of a word; if no known error has them all, some are enough. A word
in the title counts more than one elsewhere, a whole word more than a beginning. Unresolved known errors come first;
of equals the one with the most incidents.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.errors import Invalid
from models.support.forms import RESOLVED
from models.support.queries import known_error_records
from models.support.records import SearchResult
from models.support.search_words import needle, search_terms
from models.support.tables import IncidentLink, KnownError

_POSITION: dict[str, Any] = {"sqlite": func.instr, "postgresql": func.strpos}
"""The function that returns the position of a text in another, from 1; 0 if it does not occur."""


async def search(session: AsyncSession, catalog: Catalog, text: str, limit: int) -> SearchResult:
    """Scans all known errors: use a reporting session.

    Raises :class:`~models.errors.Invalid` if ``text`` has no words.
    """
    words = search_terms(text)
    if not words:
        raise Invalid({"words": "Say what to look for, for example /known-error search refund twice."})
    found = await _ranked(session, words, limit + 1, every=True)
    every = bool(found) or len(words) == 1
    if not every:
        found = await _ranked(session, words, limit + 1, every=False)
    shown = await known_error_records(session, catalog, found[:limit])
    return SearchResult(" ".join(text.split()), tuple(shown), more=len(found) > limit, all_words=every)


async def _ranked(session: AsyncSession, words: Sequence[str], limit: int, *, every: bool) -> Sequence[KnownError]:
    position = _POSITION[(await session.connection()).dialect.name]

    def holds(column: Any, part: str) -> ColumnElement[bool]:
        contained: ColumnElement[bool] = position(column, part) > 0
        return contained

    def worth(word: str) -> ColumnElement[int]:
        return case(
            (holds(KnownError.title_words, f" {word} "), 4),
            (holds(KnownError.title_words, needle(word)), 3),
            (holds(KnownError.words, f" {word} "), 2),
            (holds(KnownError.words, needle(word)), 1),
            else_=0,
        )

    hits = [holds(KnownError.words, needle(word)) for word in words]
    score = sum((worth(word) for word in words[1:]), start=worth(words[0]))
    incidents = (
        select(func.count())
        .where(col(IncidentLink.known_error_id) == col(KnownError.id))
        .correlate(KnownError)
        .scalar_subquery()
    )
    query = (
        select(KnownError)
        .where(and_(*hits) if every else or_(*hits))
        .order_by(
            case((col(KnownError.status) == RESOLVED, 1), else_=0),
            score.desc(),
            incidents.desc(),
            col(KnownError.id).desc(),
        )
        .limit(limit)
    )
    return (await session.exec(query)).all()

"""Finding known errors by words, the same on every database.

All words have to occur, each as the beginning of a word; where no known error has them all, those that have some
are given. A word of the title counts more than one elsewhere, a whole word more than a beginning. What is
unresolved comes first, and of equals the one with the most incidents. Run it on a reporting session: it looks
through all of them.
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
"""What says where a text begins in another; 0 where it does not occur."""


async def search(session: AsyncSession, catalog: Catalog, text: str, limit: int) -> SearchResult:
    """The known errors that the words of ``text`` are about.

    Raises :class:`~models.errors.Invalid` when there are no words in it.
    """
    words = search_terms(text)
    if not words:
        raise Invalid({"words": "Say what to look for, for example /known-error search refund twice."})
    said = " ".join(text.split())
    found = await _ranked(session, words, limit + 1, every=True)
    every = bool(found) or len(words) == 1
    if not every:
        found = await _ranked(session, words, limit + 1, every=False)
    shown = await known_error_records(session, catalog, found[:limit])
    return SearchResult(said, tuple(shown), more=len(found) > limit, all_words=every)


async def _ranked(session: AsyncSession, words: Sequence[str], limit: int, *, every: bool) -> Sequence[KnownError]:
    position = _POSITION[(await session.connection()).dialect.name]

    def holds(column: Any, part: str) -> ColumnElement[bool]:
        found: ColumnElement[bool] = position(column, part) > 0
        return found

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

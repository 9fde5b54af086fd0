"""Resolving and reopening known errors, and changing their workarounds."""

from dataclasses import dataclass
from typing import Any

from models.catalog.document import Catalog
from models.errors import Invalid
from models.events import Actor
from models.lifecycle.tables.release import Release
from models.limits import TEXT_LIMIT
from models.support.access import RESOLVERS, WORKAROUND_EDITORS, check_may_resolve_or_edit
from models.support.events import KnownErrorReopened, KnownErrorResolved, WorkaroundChanged
from models.support.forms import RESOLVED, status_with
from models.support.lookup import load_known_error
from models.support.recording import set_search_words
from models.support.tables import KnownError
from models.text import clean, text_problem
from models.unit_of_work import Snapshot, UnitOfWork


@dataclass(frozen=True, slots=True)
class KnownErrorResult:
    """The known error after the action; ``again`` if that changed nothing."""

    id: int
    number: str
    title: str
    status: str
    workaround: str
    again: bool = False


async def resolve_known_error(work: UnitOfWork, actor: Actor, number: int, solution: str) -> KnownErrorResult:
    """Resolve ``KE-<number>``; ``solution`` may be empty.

    Raises :class:`~models.errors.Refused` if the actor may not, :class:`~models.errors.Invalid` if the text is too
    long, :class:`~models.errors.NotFound` with the nearest known errors.
    """
    _check("solution", solution)
    async with work(actor) as tx:
        known_error, _ = await _load(tx, number, RESOLVERS)
        if known_error.status == RESOLVED:
            return _result(known_error, again=True)
        known_error.status = RESOLVED
        known_error.resolved_at = tx.now
        known_error.resolved_by = actor.person
        known_error.solution = clean(solution)
        tx.record(KnownErrorResolved(**_about(known_error), grounds=known_error.solution))
        return _result(known_error)


async def reopen_known_error(work: UnitOfWork, actor: Actor, number: int) -> KnownErrorResult:
    """Raises what :func:`resolve_known_error` raises."""
    async with work(actor) as tx:
        known_error, _ = await _load(tx, number, RESOLVERS)
        if known_error.status != RESOLVED:
            return _result(known_error, again=True)
        tx.record(KnownErrorReopened(**_about(known_error), grounds=known_error.solution))
        known_error.status = status_with(known_error.workaround)
        known_error.resolved_at = known_error.resolved_by = None
        known_error.solution = ""
        return _result(known_error)


async def change_workaround(work: UnitOfWork, actor: Actor, number: int, workaround: str) -> KnownErrorResult:
    """An empty ``workaround`` removes it; the status follows (docs/process.md#known-errors).

    Raises what :func:`resolve_known_error` raises.
    """
    _check("workaround", workaround)
    async with work(actor) as tx:
        known_error, catalog = await _load(tx, number, WORKAROUND_EDITORS)
        was, now = known_error.workaround, clean(workaround)
        if was == now:
            return _result(known_error, again=True)
        known_error.workaround = now
        if known_error.status != RESOLVED:
            known_error.status = status_with(now)
        release = await tx.session.get(Release, known_error.release_id) if known_error.release_id else None
        service = catalog.by_key.get(known_error.service or "")
        set_search_words(known_error, service, release.identifier if release else "")
        tx.record(WorkaroundChanged(**_about(known_error), was=was, now=now, status=known_error.status))
        return _result(known_error)


async def check_may_resolve(work: UnitOfWork, actor: Actor, number: int) -> KnownErrorResult:
    """Raises what :func:`resolve_known_error` would; ``again`` if it is resolved already."""
    async with work.reading(actor) as snapshot:
        known_error, _ = await _load(snapshot, number, RESOLVERS)
        return _result(known_error, again=known_error.status == RESOLVED)


async def check_may_edit_workaround(work: UnitOfWork, actor: Actor, number: int) -> KnownErrorResult:
    """Raises what :func:`change_workaround` would."""
    async with work.reading(actor) as snapshot:
        known_error, _ = await _load(snapshot, number, WORKAROUND_EDITORS)
        return _result(known_error)


async def _load(snapshot: Snapshot, number: int, roles: tuple[str, ...]) -> tuple[KnownError, Catalog]:
    known_error = await load_known_error(snapshot.session, number, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    await check_may_resolve_or_edit(snapshot, catalog, known_error, roles)
    return known_error, catalog


def _check(field: str, text: str) -> None:
    problem = text_problem(text, TEXT_LIMIT)
    if problem:
        raise Invalid({field: problem})


def _about(known_error: KnownError) -> dict[str, Any]:
    return {
        "subject": known_error.number,
        "release_id": known_error.release_id,
        "known_error_id": known_error.id,
        "title": known_error.title,
    }


def _result(known_error: KnownError, *, again: bool = False) -> KnownErrorResult:
    return KnownErrorResult(
        known_error.id,
        known_error.number,
        known_error.title,
        known_error.status,
        known_error.workaround,
        again,
    )

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import Invalid
from models.events import Actor
from models.limits import NUMBER_LIMIT
from models.storage.database import insert_into
from models.support.events import IncidentLinked, IncidentRecorded, IncidentUnlinked
from models.support.forms import RESOLVED
from models.support.lookup import find_incident, load_incident, load_known_error
from models.support.tables import Incident, IncidentLink, KnownError
from models.unit_of_work import Transaction, UnitOfWork

LINKS_LIMIT = 10
"""Known errors that one command links."""


@dataclass(frozen=True, slots=True)
class LinkResult:
    """The known errors that were linked (or unlinked) just now, and those that already were.

    ``opened`` if the incident was unknown before; ``resolved`` are the linked known errors that are resolved.
    """

    incident: str
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    opened: bool = False
    resolved: tuple[str, ...] = ()


async def link_incident(work: UnitOfWork, actor: Actor, number: str, known_errors: Sequence[int]) -> LinkResult:
    """Link an incident to ``known_errors``; anybody may, and repeating it changes nothing.

    An unknown incident is recorded as opened now, in the service of the first known error
    (docs/process.md#incidents). Raises :class:`~models.errors.NotFound` with the nearest known errors; then nothing
    is linked.
    """
    _check(number, known_errors)
    async with work(actor) as tx:
        targets = [await load_known_error(tx.session, one) for one in sorted(set(known_errors))]
        name, opened = await _incident(tx, number, targets[0].service)
        changed = []
        for one in targets:
            link = {
                "incident": name,
                "known_error_id": one.id,
                "linked_by": actor.person,
                "linked_at": tx.now,
            }
            if await _add_if_missing(tx.session, IncidentLink, link):
                changed.append(one.number)
                tx.record(IncidentLinked(**_about(name, one)))
        return LinkResult(
            incident=name,
            changed=tuple(changed),
            unchanged=tuple(one.number for one in targets if one.number not in changed),
            opened=opened,
            resolved=tuple(one.number for one in targets if one.status == RESOLVED),
        )


async def unlink_incident(work: UnitOfWork, actor: Actor, number: str, known_errors: Sequence[int]) -> LinkResult:
    """Anybody may, and repeating it changes nothing.

    Raises :class:`~models.errors.NotFound` with the nearest numbers for an unknown incident or known error.
    """
    _check(number, known_errors)
    async with work(actor) as tx:
        name = (await load_incident(tx.session, number)).number
        targets = [await load_known_error(tx.session, one) for one in sorted(set(known_errors))]
        changed = []
        for one in targets:
            gone = delete(IncidentLink).where(
                col(IncidentLink.incident) == name, col(IncidentLink.known_error_id) == one.id
            )
            if (await tx.session.exec(gone.returning(col(IncidentLink.incident)))).all():
                changed.append(one.number)
                tx.record(IncidentUnlinked(**_about(name, one)))
        return LinkResult(name, tuple(changed), tuple(one.number for one in targets if one.number not in changed))


async def _incident(tx: Transaction, number: str, service: str | None) -> tuple[str, bool]:
    """The incident's number as stored, and whether it was recorded just now."""
    known = await find_incident(tx.session, number)
    if known is not None:
        return known.number, False
    row = {
        "number": number,
        "opened_at": tx.now,
        "service": service,
        "state": "",
        "symptom": "",
        "updates": 0,
        "recorded_by": tx.actor.person,
        "recorded_at": tx.now,
    }
    opened = await _add_if_missing(tx.session, Incident, row)
    if opened:
        tx.record(IncidentRecorded(subject=number))
    return number, opened


async def _add_if_missing(session: AsyncSession, table: type[SQLModel], row: Mapping[str, object]) -> bool:
    """Whether it was added: false if it exists, even if another transaction adds it at the same moment."""
    dialect = (await session.connection()).dialect.name
    key = next(iter(table.metadata.tables[str(table.__tablename__)].primary_key))
    statement = insert_into(table, dialect).values(**row).on_conflict_do_nothing().returning(key)
    return bool((await session.exec(statement)).all())


def _check(number: str, known_errors: Sequence[int]) -> None:
    if len(number) > NUMBER_LIMIT:
        raise Invalid({"incident": f"An incident's number has at most {NUMBER_LIMIT} characters."})
    if len(known_errors) > LINKS_LIMIT:
        raise Invalid({"known_error": f"Link at most {LINKS_LIMIT} known errors at a time."})


def _about(name: str, one: KnownError) -> dict[str, Any]:
    return {
        "subject": name,
        "release_id": one.release_id,
        "known_error_id": one.id,
        "known_error": one.number,
    }

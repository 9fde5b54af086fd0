"""Daily digests: wished for once on each of their days, and read when they are delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import outbox
from models.catalog.document import Catalog
from models.errors import NotFound
from models.events import SYSTEM
from models.kpi.arguments import Scope
from models.kpi.digest_schedule import DueDigest, due_digests
from models.kpi.events import DigestDue
from models.kpi.figures import Figures
from models.kpi.notices import digest_key
from models.kpi.outlook import AHEAD, Outlook, outlook
from models.kpi.periods import parse_period
from models.kpi.queries import figures
from models.kpi.tables import DigestRun
from models.storage.database import insert_into
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """One digest as it is shown: ``key`` names it, ``day`` is the day it is for."""

    key: str
    day: date
    figures: Figures
    outlook: Outlook


async def queue_due_digests(work: UnitOfWork) -> int:
    """Wish for every digest that is due and was not yet; gives how many.

    The run and the wish commit together, so that neither a crash nor a second process posts one twice.
    """
    now = work.clock.now()
    async with work.reading() as snapshot:
        waiting = await _not_yet_queued(snapshot.session, due_digests(await snapshot.catalog(), now))
    if not waiting:
        return 0
    async with work(SYSTEM) as tx:
        return sum([await _queue(tx, one) for one in waiting])


async def digest_record(
    session: AsyncSession, catalog: Catalog, key: str, facts: Mapping[str, Any], now: datetime
) -> DigestRecord:
    """The digest named ``key`` with the facts it was wished for with; its figures are those of ``now``."""
    scope = _scope(facts, now)
    return DigestRecord(
        key=key,
        day=date.fromisoformat(facts["day"]),
        figures=await figures(session, catalog, scope),
        outlook=await outlook(session, catalog, scope.services, now, ahead=AHEAD),
    )


async def digest_scope(session: AsyncSession, key: str, day: str, at: datetime) -> Scope:
    """What the digest of ``day`` was about when it was delivered at ``at``.

    Raises :class:`~models.errors.NotFound` when it is not known.
    """
    row = await outbox.message_by_key(session, digest_key(key, day))
    if row is None:
        raise NotFound("This digest is not in the database any more. Ask with /release kpi instead.")
    return _scope(row.facts, at)


def _scope(facts: Mapping[str, Any], at: datetime) -> Scope:
    period = parse_period(str(facts["period"]), at, ZoneInfo(facts["zone"]))
    return Scope(period, tuple(facts["services"]))


async def _not_yet_queued(session: AsyncSession, found: list[DueDigest]) -> list[DueDigest]:
    if not found:
        return []
    days = {one.day for one in found}
    rows = (await session.exec(select(DigestRun).where(col(DigestRun.day).in_(days)))).all()
    run = {(row.digest, row.day) for row in rows}
    return [one for one in found if (one.key, one.day) not in run]


async def _queue(tx: Transaction, one: DueDigest) -> int:
    connection = await tx.session.connection()
    run = insert_into(DigestRun, connection.dialect.name).values(digest=one.key, day=one.day, posted_at=tx.now)
    mine = await connection.execute(run.on_conflict_do_nothing().returning(DigestRun.digest))
    if mine.first() is None:
        return 0
    tx.record(
        DigestDue(
            subject=one.key,
            day=one.day.isoformat(),
            channel=one.digest.channel,
            zone=str(one.zone),
            period=one.digest.period,
            services=one.digest.services,
        )
    )
    return 1

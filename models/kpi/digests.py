"""Digests: queued once on each of their days, and read when they are delivered."""

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
from models.kpi.rules_on_trial import RuleOnTrial, rules_on_trial
from models.kpi.tables import DigestRun
from models.storage.database import insert_into
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class DigestRecord:
    """``day`` is in the digest's time zdue."""

    key: str
    day: date
    figures: Figures
    outlook: Outlook
    on_trial: tuple[RuleOnTrial, ...] = ()


async def queue_due_digests(work: UnitOfWork) -> int:
    """Queue every digest that is due, once, and return how many.

    The run and the outbox row commit together, so neither a crash nor a second process posts a digest twice.
    """
    now = work.clock.now()
    async with work.reading() as snapshot:
        due = await _not_yet_queued(snapshot.session, due_digests(await snapshot.catalog(), now))
    if not due:
        return 0
    async with work(SYSTEM) as tx:
        return sum([await _queue(tx, digest) for digest in due])


async def digest_record(
    session: AsyncSession, catalog: Catalog, key: str, facts: Mapping[str, Any], now: datetime
) -> DigestRecord:
    """``facts`` are those of the outbox row; the figures are as of ``now``."""
    scope = _scope(facts, now)
    return DigestRecord(
        key=key,
        day=date.fromisoformat(facts["day"]),
        figures=await figures(session, catalog, scope),
        outlook=await outlook(session, catalog, scope.services, now, ahead=AHEAD),
        on_trial=await rules_on_trial(session, catalog, scope.services, scope.period.now),
    )


async def digest_scope(session: AsyncSession, key: str, day: str, at: datetime) -> Scope:
    """The period and services of the digest of ``day`` that was delivered at ``at``.

    Raises :class:`~models.errors.NotFound` if it is unknown.
    """
    row = await outbox.message_by_key(session, digest_key(key, day))
    if row is None:
        raise NotFound("This digest is not in the database any more. Ask with /release kpi instead.")
    return _scope(row.facts, at)


def _scope(facts: Mapping[str, Any], at: datetime) -> Scope:
    period = parse_period(str(facts["period"]), at, ZoneInfo(facts["zone"]))
    return Scope(period, tuple(facts["services"]))


async def _not_yet_queued(session: AsyncSession, due: list[DueDigest]) -> list[DueDigest]:
    if not due:
        return []
    days = {digest.day for digest in due}
    rows = (await session.exec(select(DigestRun).where(col(DigestRun.day).in_(days)))).all()
    queued = {(row.digest, row.day) for row in rows}
    return [digest for digest in due if (digest.key, digest.day) not in queued]


async def _queue(tx: Transaction, due: DueDigest) -> int:
    connection = await tx.session.connection()
    run = insert_into(DigestRun, connection.dialect.name).values(digest=due.key, day=due.day, posted_at=tx.now)
    inserted = await connection.execute(run.on_conflict_do_nothing().returning(DigestRun.digest))
    if inserted.first() is None:
        return 0
    tx.record(
        DigestDue(
            subject=due.key,
            day=due.day.isoformat(),
            channel=due.digest.channel,
            zone=str(due.zone),
            period=due.digest.period,
            services=due.digest.services,
        )
    )
    return 1

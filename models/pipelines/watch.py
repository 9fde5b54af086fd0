"""Looking again at the questions of tools that wait to be told."""

from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.tables.pipelines import PipelineClearance
from models.pipelines.answer_rows import look_again
from models.pipelines.ask import PIPELINE_ASKING
from models.unit_of_work import UnitOfWork


async def watch_waiting(work: UnitOfWork) -> int:
    """Judge every waiting question again, each in a transaction of its own. Returns how many there were."""
    async with work.reading() as snapshot:
        query = select(PipelineClearance.id).where(col(PipelineClearance.waiting).is_(True))
        waiting = (await snapshot.session.exec(query.order_by(col(PipelineClearance.id)))).all()
    for clearance_id in waiting:
        async with work(PIPELINE_ASKING) as tx:
            await look_again(tx, clearance_id)
    return len(waiting)


async def next_opening_at(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, time opens something that is waited for, or the wait is over."""
    waiting = col(PipelineClearance.waiting).is_(True)
    moments = []
    for column in (PipelineClearance.next_allowed, PipelineClearance.waits_until):
        query = select(func.min(column)).where(waiting, col(column) > now)
        moments.append((await session.exec(query)).one())
    return min((moment for moment in moments if moment), default=None)

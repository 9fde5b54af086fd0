"""Refreshing the checklist of the deployment day whenever its tasks change."""

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.tables.plan import DayChecklist, PlanTask
from models.outbox import Post
from models.releases.plan.order import DAY_PHASES
from models.unit_of_work import Transaction

TASKS_PER_PART = 35
"""Tasks that fit into one message (docs/slack-facts.md#limits); a longer checklist takes several."""


def checklist_posts(release_id: int, parts: int) -> list[Post]:
    return [
        Post(
            key=f"checklist:{release_id}:{part}",
            message="day_checklist",
            subject=str(release_id),
            release_id=release_id,
            in_thread=True,
            facts={"part": part},
        )
        for part in range(parts)
    ]


async def parts_needed(session: AsyncSession, release_id: int) -> int:
    """How many messages the tasks of the day take; at least one."""
    query = select(func.count()).select_from(PlanTask)
    query = query.where(col(PlanTask.release_id) == release_id, col(PlanTask.phase).in_(DAY_PHASES))
    return max(1, -(-(await session.exec(query)).one() // TASKS_PER_PART))


async def refresh_checklist(tx: Transaction, release_id: int) -> None:
    """Show the checklist, if one was posted, as the tasks are after this transaction."""
    checklist = await tx.session.get(DayChecklist, release_id)
    if checklist is not None:
        checklist.parts = max(checklist.parts, await parts_needed(tx.session, release_id))
        tx.wish(checklist_posts(release_id, checklist.parts))

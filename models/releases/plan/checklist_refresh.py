"""Having the deployment-day checklist shown anew, wherever a change of its tasks is made."""

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.tables.plan import DayChecklist, PlanTask
from models.outbox import Post
from models.releases.plan.order import DAY_PHASES
from models.unit_of_work import Transaction

TASKS_PER_PART = 35
"""Tasks that one message holds without growing out of Slack's limits; a longer checklist has several messages."""


def checklist_posts(release_id: int, parts: int) -> list[Post]:
    """The messages of a release's checklist."""
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
    """How many messages the tasks of the day fill; at least one."""
    query = select(func.count()).select_from(PlanTask)
    query = query.where(col(PlanTask.release_id) == release_id, col(PlanTask.phase).in_(DAY_PHASES))
    return max(1, -(-(await session.exec(query)).one() // TASKS_PER_PART))


async def refresh_checklist(tx: Transaction, release_id: int) -> None:
    """Have the checklist shown as the tasks are after this transaction, where one was posted."""
    found = await tx.session.get(DayChecklist, release_id)
    if found is not None:
        found.parts = max(found.parts, await parts_needed(tx.session, release_id))
        tx.wish(checklist_posts(release_id, found.parts))

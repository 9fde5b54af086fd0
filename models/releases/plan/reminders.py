"""Chasing milestones: whoever owns one is reminded when it is due, and once a day until it is settled."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import outbox
from models.catalog.document import Catalog
from models.lifecycle.lifecycle import CHASED, SETTLED
from models.lifecycle.message_keys import task_key
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.releases.plan.events import TaskReminded
from models.time.spans import Span
from models.unit_of_work import Transaction

BATCH = 100
"""Milestones chased in one transaction."""


def next_reminder_at(due_at: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """When a milestone that is chased at ``now`` is chased next: at the hour it was due, on a later day.

    Days and hours are those of ``zone``. However long nobody looked, the days missed are not made up for.
    """
    days = (now.astimezone(zone).date() - due_at.astimezone(zone).date()).days
    return Span(days=max(days + 1, 0)).after(due_at, zone)


async def remind_of_due_milestones(tx: Transaction, catalog: Catalog) -> int:
    """Remind of one batch of milestones that are due; gives how many. Call again while it gives :data:`BATCH`.

    The rows are locked and those that somebody else has locked are passed over, so that processes beside each
    other remind once. The release is locked too: it cannot be stopped in between.
    """
    query = (
        select(PlanTask, Release)
        .join(Release, col(Release.id) == col(PlanTask.release_id))
        .where(col(PlanTask.chase_at) <= tx.now, col(PlanTask.done_at).is_(None), col(Release.state).in_(CHASED))
        .order_by(col(PlanTask.chase_at), col(PlanTask.id))
        .limit(BATCH)
        .with_for_update(of=(PlanTask, Release), skip_locked=True)
    )
    rows = (await tx.session.exec(query)).all()
    for task, release in rows:
        zone = catalog.zone(catalog.by_key.get(release.service))
        await remind_of_task(tx, task, next_reminder_at(task.due_at, tx.now, zone))
    return len(rows)


async def remind_of_task(
    tx: Transaction, task: PlanTask, again_at: datetime | None, *, handed_by: str = "", note: str = ""
) -> None:
    """Remind of ``task`` now, and next at ``again_at`` if at all; the reminder before loses its buttons."""
    task.chased += 1
    task.chase_at = again_at
    event = TaskReminded(
        subject=task.id,
        release_id=task.release_id,
        grounds=note,
        title=task.title,
        count=task.chased,
        handed_by=handed_by,
    )
    tx.record(event)
    if task.chased > 1:
        await outbox.want_again(tx.session, [task_key(task.id, task.chased - 1)], tx.now)


async def next_due_reminder(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, a milestone is due to be chased next, if any is."""
    query = (
        select(func.min(PlanTask.chase_at))
        .join(Release, col(Release.id) == col(PlanTask.release_id))
        .where(col(PlanTask.chase_at) > now, col(PlanTask.done_at).is_(None), col(Release.state).in_(CHASED))
    )
    return (await session.exec(query)).one()


async def refresh_reminders(session: AsyncSession, release_id: int, now: datetime) -> None:
    """Have the open reminders of a release shown anew: it may have been stopped, or its window moved."""
    query = select(PlanTask.id, PlanTask.chased).where(
        col(PlanTask.release_id) == release_id, col(PlanTask.chased) > 0, col(PlanTask.done_at).is_(None)
    )
    keys = [task_key(task, count) for task, count in (await session.exec(query)).all()]
    if keys:
        await outbox.want_again(session, keys, now)


async def stop_reminders_of_settled(session: AsyncSession) -> None:
    """Take the milestones of settled releases out of what is looked through; nothing leads back from there."""
    stopped = select(Release.id).where(col(Release.state).in_(SETTLED))
    await session.exec(
        update(PlanTask)
        .where(col(PlanTask.chase_at).is_not(None), col(PlanTask.release_id).in_(stopped))
        .values(chase_at=None)
        .execution_options(synchronize_session=False)
    )

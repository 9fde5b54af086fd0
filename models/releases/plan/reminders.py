"""Reminding the owners of milestones: when one is due, then once a day (docs/process.md#milestones)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.lifecycle.lifecycle import CHASED, SETTLED
from models.lifecycle.message_keys import task_key
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.releases.plan.events import TaskReminded
from models.time.spans import Span
from models.unit_of_work import Transaction

BATCH = 100
"""Milestones reminded of in one transaction."""

_CHASED_MILESTONES = (
    col(PlanTask.milestone).is_(True),
    col(PlanTask.done_at).is_(None),
    col(Release.state).in_(CHASED),
)


def next_reminder_at(due_at: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """When, after ``now``, to remind of a milestone next: at the hour it was due, on the next day in ``zone``.

    Missed days are not made up for.
    """
    days = (now.astimezone(zone).date() - due_at.astimezone(zone).date()).days
    return Span(days=max(days + 1, 0)).after(due_at, zone)


async def remind_of_due_milestones(tx: Transaction, catalog: Catalog) -> int:
    """Remind of one batch of due milestones; returns how many. Call again while it returns :data:`BATCH`.

    Rows are locked and locked ones skipped, so that several processes remind once. The release is locked too, so
    that nobody stops it meanwhile.
    """
    query = (
        select(PlanTask, Release)
        .join(Release, col(Release.id) == col(PlanTask.release_id))
        .where(col(PlanTask.chase_at) <= tx.now, *_CHASED_MILESTONES)
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
    """Remind of ``task`` now and, unless it is None, at ``again_at``; the last reminder loses its buttons."""
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
        await tx.wish_again([task_key(task.id, task.chased - 1)])


async def next_due_reminder(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, the next reminder of any milestone is due."""
    query = (
        select(func.min(PlanTask.chase_at))
        .join(Release, col(Release.id) == col(PlanTask.release_id))
        .where(col(PlanTask.chase_at) > now, *_CHASED_MILESTONES)
    )
    return (await session.exec(query)).one()


async def refresh_reminders(tx: Transaction, release_id: int) -> None:
    """Refresh the open reminders of a release, which may have stopped or moved its window."""
    query = select(PlanTask.id, PlanTask.chased).where(
        col(PlanTask.release_id) == release_id, col(PlanTask.chased) > 0, col(PlanTask.done_at).is_(None)
    )
    keys = [task_key(task, count) for task, count in (await tx.session.exec(query)).all()]
    if keys:
        await tx.wish_again(keys)


async def stop_reminders_of_settled(session: AsyncSession) -> None:
    """End the reminders of settled releases for good."""
    settled = select(Release.id).where(col(Release.state).in_(SETTLED))
    await session.exec(
        update(PlanTask)
        .where(col(PlanTask.chase_at).is_not(None), col(PlanTask.release_id).in_(settled))
        .values(chase_at=None)
        .execution_options(synchronize_session=False)
    )

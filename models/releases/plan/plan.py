"""Making the plan of an approved release from its type's template, and dating it from its window."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert
from sqlmodel import col, func, select

from models.catalog.document import Catalog, Service
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.releases.plan.checklist_refresh import refresh_checklist
from models.storage.prepared_statements import Prepared
from models.time.spans import Span, parse_span
from models.unit_of_work import Transaction

ELS_END = "Close early life support"

ELS_PHASE = "early_life_support"

ELS_LEAD = "els_lead"


class PlannedTask(NamedTuple):
    """A task of the template, dated for one release; its fields are columns of :class:`PlanTask`."""

    position: int
    phase: str
    title: str
    role: str
    milestone: bool
    offset_days: int
    offset_seconds: int
    due_at: datetime
    chase_at: datetime | None


def plan_tasks(
    service: Service, type_name: str, window_start: datetime, zone: ZoneInfo, approved_at: datetime
) -> list[PlannedTask]:
    """The tasks of the template for ``type_name``, dated in the service's time ``zone``.

    A task whose date has passed by the approval is due at the approval: it was not late before there was a plan.
    Owners of a milestone are reminded from the moment it is due.
    """
    tasks = []
    for position, item in enumerate(service.plan_for(type_name)):
        offset = item.offset
        due = max(offset.after(window_start, zone), approved_at)
        chase = due if item.milestone else None
        tasks.append(
            PlannedTask(
                position,
                item.phase,
                item.title,
                item.owner,
                item.milestone,
                offset.days,
                offset.seconds,
                due,
                chase,
            )
        )
    return tasks


_ADD = Prepared(insert(PlanTask), ("release_id", "chased", *PlannedTask._fields))

_COUNT = Prepared(select(func.count()).where(col(PlanTask.release_id) == bindparam("release_id")))


async def create_plan(
    tx: Transaction, catalog: Catalog, release_id: int, service: Service, type_name: str, window_start: datetime
) -> int:
    """Make the plan of a release unless it has one; returns how many tasks were made.

    A release that is approved again keeps its tasks, done ones included, and gets them dated again.
    """
    if (await tx.run(_COUNT, {"release_id": release_id}))[0][0]:
        await redate_plan(tx, catalog, await load_release(tx.session, release_id))
        return 0
    tasks = plan_tasks(service, type_name, window_start, catalog.zone(service), tx.now)
    rows = [{**task._asdict(), "release_id": release_id, "chased": 0} for task in tasks]
    if rows:
        await tx.run_many(_ADD, rows)
    return len(rows)


async def redate_plan(tx: Transaction, catalog: Catalog, release: Release) -> None:
    """Date the undone tasks of a release from its new window.

    A task that is late by the old window and the new keeps its date, which shows how late it is. One that only the
    new window puts into the past is due now. A new date ends a snooze, which was for the old one.
    """
    zone = catalog.zone(catalog.by_key.get(release.service))
    query = select(PlanTask).where(col(PlanTask.release_id) == release.id, col(PlanTask.done_at).is_(None))
    for task in (await tx.session.exec(query)).all():
        due = _new_due_date(task, release.window_start, zone, tx.now)
        if due != task.due_at:
            task.due_at = due
            task.chase_at = due if task.milestone else None
    await refresh_checklist(tx, release.id)


def _new_due_date(task: PlanTask, window_start: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    if task.offset_days is None or task.offset_seconds is None:
        return task.due_at
    due = Span(task.offset_days, task.offset_seconds).after(window_start, zone)
    return due if due > now else min(task.due_at, now)


async def add_early_life_support_end(tx: Transaction, catalog: Catalog, release: Release) -> None:
    """Add the milestone that ends early life support, due as long after the deployment as the type says."""
    service = catalog.by_key.get(release.service)
    kind = service.policy.types.get(release.type) if service else None
    if service is None or kind is None or kind.early_life_support is None or release.deployed_at is None:
        return
    due = parse_span(kind.early_life_support).after(release.deployed_at, catalog.zone(service))
    last = select(func.max(PlanTask.position)).where(col(PlanTask.release_id) == release.id)
    tx.session.add(
        PlanTask(
            release_id=release.id,
            position=((await tx.session.exec(last)).one() or 0) + 1,
            phase=ELS_PHASE,
            title=ELS_END,
            role=ELS_LEAD,
            milestone=True,
            due_at=due,
            chase_at=due,
        )
    )

"""The checklist of the deployment day: messages in the release's thread in which several people tick off tasks.

A tick changes only the boxes that the person changed, never all boxes to what they saw: when two people tick at the
same moment, both count.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.errors import NotFound, Refused
from models.events import Actor
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import CHASED, State
from models.lifecycle.tables.plan import DayChecklist, PlanTask
from models.outbox import Outgoing
from models.people.directory import names
from models.releases.plan.access import check_may_write_notes, load_plan_access, tasks_of
from models.releases.plan.checklist_refresh import TASKS_PER_PART, checklist_posts, parts_needed, refresh_checklist
from models.releases.plan.events import ChecklistPosted
from models.releases.plan.order import DAY_PHASES, phase_rank
from models.releases.plan.queries import task_line
from models.releases.plan.settle_task import complete_task_within, reopen_task_within
from models.releases.plan.sustaining import sustaining_people
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A task on the checklist; ``owner`` and ``done_by`` are names."""

    id: int
    title: str
    phase: str
    owner: str
    due_at: datetime
    overdue: bool
    done_by: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """One message of the checklist: ``part``, from 0, of ``parts``. ``total`` and ``done`` count all parts.

    ``drawn`` goes into the ids of the boxes (see :class:`models.lifecycle.tables.plan.DayChecklist`). Nothing can
    be ticked once it is ``closed``.
    """

    release_id: int
    identifier: str
    title: str
    state: str
    window_start: datetime
    window_end: datetime
    sustaining: tuple[str, ...]
    items: tuple[CheckItem, ...]
    done: int
    total: int
    part: int
    parts: int
    drawn: int
    closed: bool


async def post_checklist(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Post the checklist into the release's thread, or refresh it there; returns the identifier.

    Raises :class:`~models.errors.Refused` when there is nothing to tick, the release is not approved or under way,
    or the person may not.
    """
    async with work(actor) as tx:
        access = await load_plan_access(tx, actor.person, release_id)
        await check_may_write_notes(tx.session, access)
        release = access.release
        if release.state not in CHASED:
            raise Refused(f"{release.identifier} is {State(release.state).words}, so there is no day to plan yet.")
        if not any(task.phase in DAY_PHASES for task in await tasks_of(tx.session, release_id)):
            raise Refused(
                f"The plan of {release.identifier} has no task of implementation, verification or back-out. "
                "Add one first."
            )
        checklist = await tx.session.get(DayChecklist, release_id)
        if checklist is None:
            checklist = DayChecklist(release_id=release_id, posted_by=actor.person, posted_at=tx.now)
            tx.session.add(checklist)
            tx.record(ChecklistPosted(subject=release_id, release_id=release_id, identifier=release.identifier))
        checklist.drawn += 1
        checklist.parts = max(checklist.parts, await parts_needed(tx.session, release_id))
        tx.wish(checklist_posts(release_id, checklist.parts))
        return release.identifier


async def tick_tasks(
    work: UnitOfWork, actor: Actor, release_id: int, shown: Collection[int], chosen: Collection[int]
) -> list[str]:
    """Complete what ``actor`` ticked and reopen what they unticked in one group of boxes.

    ``shown`` are the tasks whose boxes were ticked before the click, ``chosen`` those that are ticked now. Returns
    a sentence for each task that they may not settle: its box is reset, the others count.
    """
    async with work(actor) as tx:
        refusals: list[str] = []
        for task_id in sorted({*shown} ^ {*chosen}):
            try:
                await _settle(tx, release_id, task_id, done=task_id in chosen)
            except (Refused, NotFound) as refusal:
                refusals.append(str(refusal))
        if refusals:
            await _reset_boxes(tx, release_id)
        await refresh_checklist(tx, release_id)
        return list(dict.fromkeys(refusals))


async def _settle(tx: Transaction, release_id: int, task_id: int, *, done: bool) -> None:
    """Complete or reopen one task, or raise Refused or NotFound before anything is written."""
    query = select(PlanTask.id).where(col(PlanTask.id) == task_id, col(PlanTask.release_id) == release_id)
    if (await tx.session.exec(query)).first() is None:
        raise NotFound("This task is not in the plan any more.")
    if done:
        await complete_task_within(tx, task_id)
    else:
        await reopen_task_within(tx, task_id)


async def _reset_boxes(tx: Transaction, release_id: int) -> None:
    """Give the boxes new ids, so that Slack shows them as the tasks are and not as the person left them."""
    checklist = await tx.session.get(DayChecklist, release_id, with_for_update=True, populate_existing=True)
    if checklist is not None:
        checklist.drawn += 1


async def checklist_part(session: AsyncSession, catalog: Catalog, row: Outgoing, now: datetime) -> Checklist | None:
    """The part of a checklist that ``row`` of the outbox shows; None when no checklist was posted."""
    release_id, part = int(row.subject), int(row.facts["part"])
    posted = await session.get(DayChecklist, release_id)
    if posted is None:
        return None
    release = await load_release(session, release_id)
    tasks = [task for task in await tasks_of(session, release_id) if task.phase in DAY_PHASES]
    tasks.sort(key=lambda task: phase_rank(task.phase))
    sustaining = await sustaining_people(session, release_id)
    called = await names(
        session, {*sustaining, *(person for task in tasks for person in (task.owner, task.done_by) if person)}
    )
    lines = [
        task_line(task, release, catalog, called, now)
        for task in tasks[part * TASKS_PER_PART : (part + 1) * TASKS_PER_PART]
    ]
    return Checklist(
        release_id=release_id,
        identifier=release.identifier,
        title=release.title,
        state=release.state,
        window_start=release.window_start,
        window_end=release.window_end,
        sustaining=tuple(called.get(person, person) for person in sustaining),
        items=tuple(
            CheckItem(
                line.id,
                line.title,
                line.phase,
                line.owner,
                line.due_at,
                line.overdue,
                line.done_by,
                line.done_at,
            )
            for line in lines
        ),
        done=sum(task.done_at is not None for task in tasks),
        total=len(tasks),
        part=part,
        parts=posted.parts,
        drawn=posted.drawn,
        closed=release.state not in CHASED,
    )

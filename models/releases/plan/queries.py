"""Reading plans and their tasks for people: one record a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import CHASED, SETTLED, State
from models.lifecycle.message_keys import reminder_count
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.people.directory import names
from models.releases.plan.order import phase_word
from models.releases.plan.owners import owner_words, owners


class ReminderState(StrEnum):
    """What a reminder is now."""

    OPEN = "open"
    DONE = "done"
    REPLACED = "replaced"
    """A newer reminder asks for the same task."""
    PAUSED = "paused"
    """The release is being decided on again."""
    STOPPED = "stopped"
    """The release was rejected, cancelled or backed out."""
    REMOVED = "removed"
    """The task is not in the plan any more."""


@dataclass(frozen=True, slots=True)
class TaskReminder:
    """One reminder of a task. ``owners`` are Slack ids, because they are asked to act; names are only read.

    ``handed_to`` tells that the task was handed over in answer to this reminder, ``handed_by`` that this reminder
    tells the new owner of it.
    """

    task_id: int
    title: str
    release_id: int
    identifier: str
    due_at: datetime
    overdue: bool
    role: str
    owners: tuple[str, ...]
    standing: ReminderState
    state: str
    done_by: str
    done_at: datetime | None
    snoozed_until: datetime | None
    snoozed_by: str
    handed_to: str
    handed_by: str
    note: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list. ``owner`` is the name of whoever it was handed to, or its role in words."""

    id: int
    release_id: int
    identifier: str
    title: str
    phase: str
    owner: str
    milestone: bool
    due_at: datetime
    overdue: bool
    done_by: str
    done_at: datetime | None


async def task_reminder(
    session: AsyncSession, catalog: Catalog, row: Outgoing, now: datetime
) -> TaskReminder | None:
    """The reminder that ``row`` of the outbox stands for.

    None when it need not be shown any more: it never reached Slack, and meanwhile the task was settled, asked for
    again, or its release stopped.
    """
    task = await session.get(PlanTask, int(row.subject))
    if task is None:
        return await _removed_reminder(session, row)
    release = await load_release(session, task.release_id)
    standing = _reminder_state(task, release, reminder_count(row.key))
    snoozed_until = _snoozed_until(task, standing, row.facts)
    never_shown = row.ts is None and row.tried_at is None
    if never_shown and (standing is not ReminderState.OPEN or snoozed_until):
        return None
    service = catalog.by_key.get(release.service)
    facts = row.facts
    handed_to, handed_by, person = (str(facts.get(name) or "") for name in ("to", "handed_by", "person"))
    called = await names(session, {one for one in (task.done_by, handed_to, handed_by, person) if one})
    return TaskReminder(
        task_id=task.id,
        title=task.title,
        release_id=task.release_id,
        identifier=release.identifier,
        due_at=task.due_at,
        overdue=is_overdue(task, catalog, service, now),
        role=owner_words(service, task),
        owners=owners(service, task),
        standing=standing,
        state=State(release.state).words,
        done_by=called.get(task.done_by or "", task.done_by or ""),
        done_at=task.done_at,
        snoozed_until=snoozed_until,
        snoozed_by=called.get(person, person) if snoozed_until else "",
        handed_to=called.get(handed_to, handed_to),
        handed_by=called.get(handed_by or (person if handed_to else ""), handed_by or person),
        note=str(facts.get("grounds") or ""),
    )


async def _removed_reminder(session: AsyncSession, row: Outgoing) -> TaskReminder | None:
    """What a reminder is after its task was removed: the facts of the removal are all that is left of it."""
    person = str(row.facts.get("person") or "")
    if row.ts is None or row.release_id is None or "title" not in row.facts:
        return None
    release = await load_release(session, row.release_id)
    called = await names(session, [person])
    return TaskReminder(
        task_id=int(row.subject),
        title=str(row.facts["title"]),
        release_id=row.release_id,
        identifier=release.identifier,
        due_at=row.due_at,
        overdue=False,
        role="",
        owners=(),
        standing=ReminderState.REMOVED,
        state=State(release.state).words,
        done_by=called.get(person, person),
        done_at=None,
        snoozed_until=None,
        snoozed_by="",
        handed_to="",
        handed_by="",
        note="",
    )


def task_line(
    task: PlanTask, release: Release, catalog: Catalog, called: Mapping[str, str], now: datetime
) -> TaskLine:
    """``task`` as a line of a list."""
    service = catalog.by_key.get(release.service)
    return TaskLine(
        id=task.id,
        release_id=task.release_id,
        identifier=release.identifier,
        title=task.title,
        phase=phase_word(task.phase),
        owner=called.get(task.owner, task.owner) if task.owner else owner_words(service, task),
        milestone=task.milestone,
        due_at=task.due_at,
        overdue=task.done_at is None and is_overdue(task, catalog, service, now),
        done_by=called.get(task.done_by or "", task.done_by or ""),
        done_at=task.done_at,
    )


def is_overdue(task: PlanTask, catalog: Catalog, service: Service | None, now: datetime) -> bool:
    """Whether the day that ``task`` was due on is over, on the service's calendar."""
    zone = catalog.zone(service)
    return task.due_at.astimezone(zone).date() < now.astimezone(zone).date()


def _reminder_state(task: PlanTask, release: Release, count: int) -> ReminderState:
    if count < task.chased:
        return ReminderState.REPLACED
    if task.done_at is not None:
        return ReminderState.DONE
    if release.state in SETTLED:
        return ReminderState.STOPPED
    return ReminderState.OPEN if release.state in CHASED else ReminderState.PAUSED


def _snoozed_until(task: PlanTask, standing: ReminderState, facts: Mapping[str, object]) -> datetime | None:
    """Until when the task is snoozed; a snooze that a moved window has ended is none."""
    until = facts.get("until")
    if standing is not ReminderState.OPEN or not isinstance(until, str):
        return None
    moment = datetime.fromisoformat(until)
    return moment if moment == task.chase_at else None

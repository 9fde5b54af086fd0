"""Reading tasks and their reminders for people."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.lifecycle.identifiers import identifiers, load_release
from models.lifecycle.lifecycle import CHASED, SETTLED, state_words
from models.lifecycle.message_keys import reminder_count
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.people.directory import name_of, names
from models.releases.plan.order import phase_word
from models.releases.plan.owners import owner_words, owners
from models.releases.plan.records import ReminderState, TaskLine, TaskReminder


async def task_reminder(
    session: AsyncSession, catalog: Catalog, row: Outgoing, now: datetime
) -> TaskReminder | None:
    """The reminder that ``row`` of the outbox shows.

    None for one that never reached Slack when meanwhile the task was done or snoozed, a newer reminder was sent, or
    the release was settled.
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
    called = await names(session, set(filter(None, (task.done_by, handed_to, handed_by, person))))
    return TaskReminder(
        task_id=task.id,
        title=task.title,
        milestone=task.milestone,
        release_id=task.release_id,
        identifier=release.identifier,
        due_at=task.due_at,
        overdue=is_overdue(task, catalog, service, now),
        role=owner_words(service, task),
        owners=owners(service, task),
        standing=standing,
        state=state_words(release.state, await _newer(session, release)),
        done_by=called.get(task.done_by or "", task.done_by or ""),
        done_at=task.done_at,
        snoozed_until=snoozed_until,
        snoozed_by=called.get(person, person) if snoozed_until else "",
        handed_to=called.get(handed_to, handed_to),
        handed_by=called.get(handed_by or (person if handed_to else ""), handed_by or person),
        note=str(facts.get("grounds") or ""),
    )


async def _newer(session: AsyncSession, release: Release) -> str:
    return (await identifiers(session, [release.superseded_by])).get(release.superseded_by or 0, "")


async def _removed_reminder(session: AsyncSession, row: Outgoing) -> TaskReminder | None:
    """The reminder of a removed task, from the facts of the removal, which are all that is left."""
    person = str(row.facts.get("person") or "")
    if row.ts is None or row.release_id is None or "title" not in row.facts:
        return None
    release = await load_release(session, row.release_id)
    return TaskReminder(
        task_id=int(row.subject),
        title=str(row.facts["title"]),
        milestone=False,
        release_id=row.release_id,
        identifier=release.identifier,
        due_at=row.due_at,
        overdue=False,
        role="",
        owners=(),
        standing=ReminderState.REMOVED,
        state=state_words(release.state, await _newer(session, release)),
        done_by=await name_of(session, person),
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
    """Whether the day ``task`` was due on is over in the service's time zone."""
    zone = catalog.zone(service)
    return task.due_at.astimezone(zone).date() < now.astimezone(zone).date()


def _reminder_state(task: PlanTask, release: Release, count: int) -> ReminderState:
    if count < task.chased:
        return ReminderState.REPLACED
    if task.done_at is not None:
        return ReminderState.DONE
    if release.state in SETTLED:
        return ReminderState.SETTLED
    return ReminderState.OPEN if release.state in CHASED else ReminderState.PAUSED


def _snoozed_until(task: PlanTask, standing: ReminderState, facts: Mapping[str, object]) -> datetime | None:
    """Until when the milestone is snoozed, unless a moved window has ended the snooze."""
    until = facts.get("until")
    if not task.milestone or standing is not ReminderState.OPEN or not isinstance(until, str):
        return None
    moment = datetime.fromisoformat(until)
    return moment if moment == task.chase_at else None

"""Settling a task of a plan: done, snoozed, or handed to somebody else (docs/process.md#milestones)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog, Service
from models.catalog.roles import role_choice
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import CHASED, SETTLED, State
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.limits import NOTE_LIMIT
from models.people.directory import name_of, roles_of
from models.people.holder_names import holder_names
from models.people.home_refresh import refresh_homes_of
from models.releases.plan.checklist_refresh import refresh_checklist
from models.releases.plan.events import TaskDone, TaskHandedOver, TaskReopened, TaskSnoozed
from models.releases.plan.owners import CANNOT_ACT, can_act, may_settle, settling_roles
from models.releases.plan.records import DoneTask, OpenTask
from models.releases.plan.reminders import next_reminder_at, remind_of_task
from models.text import too_long
from models.unit_of_work import Snapshot, Transaction, UnitOfWork

USUAL_SNOOZE = timedelta(days=1)
"""What the form proposes."""

LONGEST_SNOOZE = timedelta(days=30)
"""How far a reminder may be put off; beyond that the date has to be moved."""


@dataclass(frozen=True, slots=True)
class _TaskCase:
    task: PlanTask
    release: Release
    service: Service | None
    catalog: Catalog

    def done(self, by: str = "", at: datetime | None = None) -> DoneTask:
        return DoneTask(self.release.id, self.task.title, self.release.identifier, by, at)

    def open(self) -> OpenTask:
        return OpenTask(self.task.id, self.task.title, self.release.identifier)


async def complete_task(work: UnitOfWork, actor: Actor, task_id: int) -> DoneTask:
    """Record that the task is done. Doing it again changes nothing and says who did it first.

    Raises :class:`~models.errors.Refused` when the person may not or the release is settled.
    """
    async with work(actor) as tx:
        done = await complete_task_within(tx, task_id)
        await refresh_checklist(tx, done.release_id)
        return done


async def complete_task_within(tx: Transaction, task_id: int) -> DoneTask:
    """:func:`complete_task` within a transaction, whose caller refreshes the checklist."""
    case = await _read(tx, task_id)
    task = case.task
    if task.done_at is not None and task.done_by:
        if task.done_by == tx.actor.person:
            return case.done()
        return case.done(await name_of(tx.session, task.done_by), task.done_at)
    await _check_may_settle(tx, case)
    task.done_at, task.done_by, task.chase_at = tx.now, tx.actor.person, None
    tx.record(TaskDone(subject=task_id, release_id=task.release_id, title=task.title, chased=task.chased))
    return case.done()


async def reopen_task(work: UnitOfWork, actor: Actor, task_id: int) -> None:
    """Take back that the task is done; reminders of a milestone go on. Reopening an open task changes nothing.

    Raises :class:`~models.errors.Refused` when the person may not or the release is settled.
    """
    async with work(actor) as tx:
        await refresh_checklist(tx, await reopen_task_within(tx, task_id))


async def reopen_task_within(tx: Transaction, task_id: int) -> int:
    """:func:`reopen_task` within a transaction, whose caller refreshes the checklist. Returns the release's id."""
    case = await _read(tx, task_id)
    await _check_may_settle(tx, case)
    task = case.task
    if task.done_at is not None:
        was_done_by = task.done_by or ""
        task.done_at = task.done_by = None
        task.chase_at = next_reminder_of(task, tx.now, case.catalog.zone(case.service))
        tx.record(
            TaskReopened(subject=task_id, release_id=task.release_id, title=task.title, was_done_by=was_done_by)
        )
    return task.release_id


async def check_may_settle_task(work: UnitOfWork, actor: Actor, task_id: int) -> OpenTask:
    """The task, if ``actor`` could hand it over now. Raises what :func:`hand_task_over` would raise."""
    async with work.reading(actor) as snapshot:
        case = await _read(snapshot, task_id)
        await _check_may_settle_open(snapshot, case)
        return case.open()


async def check_may_snooze_task(work: UnitOfWork, actor: Actor, task_id: int) -> OpenTask:
    """The task, if ``actor`` could snooze it now. Raises what :func:`snooze_task` would raise."""
    async with work.reading(actor) as snapshot:
        case = await _read(snapshot, task_id)
        await _check_may_snooze(snapshot, case)
        return case.open()


async def snooze_task(work: UnitOfWork, actor: Actor, task_id: int, until: datetime | None) -> None:
    """Put the next reminder off to ``until``; the due date stays.

    Raises :class:`~models.errors.Invalid` unless ``until`` is ahead and at most :data:`LONGEST_SNOOZE` away,
    :class:`~models.errors.Refused` when the person may not, the task is done or no milestone, or the release is
    settled.
    """
    async with work(actor) as tx:
        case = await _read(tx, task_id)
        await _check_may_snooze(tx, case)
        moment = _check_until(until, tx.now)
        task = case.task
        if task.chase_at == moment:
            return
        task.chase_at = moment
        tx.record(
            TaskSnoozed(
                subject=task_id,
                release_id=task.release_id,
                title=task.title,
                until=moment.isoformat(),
                chased=task.chased,
                person=actor.person,
            )
        )


async def hand_task_over(work: UnitOfWork, actor: Actor, task_id: int, person: str | None, note: str = "") -> None:
    """Hand the task over to ``person``, who is reminded of it at once, with ``note``.

    Raises :class:`~models.errors.Invalid` for nobody, a bot, a deactivated account or a too long note,
    :class:`~models.errors.Refused` when the actor may not, the task is done or the release is settled.
    """
    async with work(actor) as tx:
        case = await _read(tx, task_id)
        await _check_may_settle_open(tx, case)
        given = note.strip()
        to = await _check_person(tx, person, given)
        task = case.task
        if task.owner == to:
            return
        if task.owner:
            await refresh_homes_of(tx, [task.owner])
        task.owner = to
        tx.record(
            TaskHandedOver(
                subject=task_id,
                release_id=task.release_id,
                grounds=given,
                title=task.title,
                to=to,
                chased=task.chased,
                person=actor.person,
            )
        )
        await tell_new_owner(tx, task, case.release, case.catalog.zone(case.service), given)
        await refresh_checklist(tx, task.release_id)


async def tell_new_owner(tx: Transaction, task: PlanTask, release: Release, zone: ZoneInfo, note: str = "") -> None:
    """Send the new owner a reminder of their own: Slack notifies nobody when a message is updated."""
    if release.state not in CHASED or task.owner == tx.actor.person:
        return
    await remind_of_task(tx, task, next_reminder_of(task, tx.now, zone), handed_by=tx.actor.person, note=note)


def next_reminder_of(task: PlanTask, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When to remind of an open task next; never, unless it is a milestone."""
    if not task.milestone:
        return None
    return task.due_at if task.due_at > now else next_reminder_at(task.due_at, now, zone)


async def _read(snapshot: Snapshot, task_id: int) -> _TaskCase:
    task = await snapshot.session.get(PlanTask, task_id, with_for_update=snapshot.locks)
    if task is None:
        raise NotFound("This task is not in the database any more.")
    release = await load_release(snapshot.session, task.release_id)
    catalog = await snapshot.catalog()
    return _TaskCase(task, release, catalog.by_key.get(release.service), catalog)


async def _check_may_snooze(snapshot: Snapshot, case: _TaskCase) -> None:
    """Raise Refused for a task that is no milestone, and whenever :func:`_check_may_settle_open` does."""
    await _check_may_settle_open(snapshot, case)
    if not case.task.milestone:
        title = case.task.title
        raise Refused(f"Only milestones can be snoozed. {title} isn't one, so no more reminders of it will come.")


async def _check_may_settle_open(snapshot: Snapshot, case: _TaskCase) -> None:
    """Raise Refused when the task is done, and whenever :func:`_check_may_settle` does."""
    if case.task.done_by:
        by = await name_of(snapshot.session, case.task.done_by)
        raise Refused(f"{by} has done this already. There is nothing left to do.")
    await _check_may_settle(snapshot, case)


async def _check_may_settle(snapshot: Snapshot, case: _TaskCase) -> None:
    """Raise Refused when the release is settled or the actor may not settle the task."""
    release, task = case.release, case.task
    if release.state in SETTLED:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so its plan needs nothing any more.")
    roles = await roles_of(snapshot.session, case.service, snapshot.actor.person) if case.service else frozenset()
    if may_settle(case.service, task, snapshot.actor.person, roles):
        return
    if case.service is None:
        raise Refused(f"{release.identifier} belongs to a service that is no longer in the catalog.")
    settlers = settling_roles(case.service, task)
    people = await holder_names(snapshot.session, case.service, settlers)
    if task.owner:
        owner = await name_of(snapshot.session, task.owner)
        raise Refused(f"This was handed to {owner}. Besides, the {role_choice(settlers)} may settle it: {people}.")
    raise Refused(f"This is for the {role_choice(settlers)} of {release.identifier}: {people}.")


def _check_until(until: datetime | None, now: datetime) -> datetime:
    if until is None:
        raise Invalid({"until": "Say until when."})
    if until <= now:
        raise Invalid({"until": "This has passed. Choose a later moment."})
    if until > now + LONGEST_SNOOZE:
        days = LONGEST_SNOOZE.days
        raise Invalid({"until": f"A reminder can be put off for {days} days at most. Choose an earlier moment."})
    return until.astimezone(UTC)


async def _check_person(tx: Transaction, person: str | None, note: str) -> str:
    problems = {}
    if not person:
        problems["person"] = "Say whom to hand it to."
    elif not await can_act(tx, person):
        problems["person"] = CANNOT_ACT
    if len(note) > NOTE_LIMIT:
        problems["note"] = too_long(note, NOTE_LIMIT)
    if problems:
        raise Invalid(problems)
    return str(person)

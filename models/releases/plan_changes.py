"""Changing a plan: tasks are added, changed, moved and removed.

A due date that hangs on the window goes on hanging on it: what a person picks is kept as its distance from the
start of the window, so that a moved window moves it too. A date that stands by itself (the end of early life
support) stays by itself.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from models.catalog.document import OWNER
from models.catalog.spans import Span
from models.catalog.store import CatalogCache
from models.delivery import first_time
from models.errors import Invalid, Refused, Stale
from models.events import Actor
from models.releases.checklist_wishes import wish_checklist
from models.releases.home_wishes import refresh_homes_of
from models.releases.owners import MANAGER
from models.releases.plan_access import (
    Planning,
    check_has_plan,
    check_may_change,
    check_may_plan,
    check_unchanged,
    planning,
    stamp,
    task_in,
    tasks_of,
)
from models.releases.plan_events import TaskAdded, TaskChanged, TaskMoved, TaskRemoved
from models.releases.plan_order import PHASES, Place, moved, placed
from models.releases.tables import PlanTask
from models.releases.tasks import can_act, tell_new_owner
from models.unit_of_work import Transaction, UnitOfWork

TITLE_LIMIT = 150
MOST_TASKS = 200
"""Tasks of one plan that people may add up to."""

FIELDS = ("title", "phase", "due_at", "owner", "role", "milestone")


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskForm:
    """What a person entered. ``before`` is the task to put it in front of; nothing leaves it where it is."""

    title: str
    phase: str
    due_at: datetime | None
    owner: str | None
    role: str
    milestone: bool
    before: int | None = None


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """A task as something to choose."""

    id: int
    phase: str
    title: str


@dataclass(frozen=True, slots=True)
class TaskToChange:
    """What the form of a task needs: the release, the roles one may choose, the tasks to put it before.

    Without ``task_id`` it is a new one. ``stamp`` says what the task looked like.
    """

    release_id: int
    identifier: str
    zone: str
    roles: tuple[str, ...]
    tasks: tuple[TaskChoice, ...]
    entered: TaskForm
    task_id: int | None = None
    stamp: str = ""


async def new_task(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int) -> TaskToChange:
    """What the form for a new task needs. Raises what :func:`add_task` would raise for this person."""
    async with work.database.reading() as session:
        found = await planning(session, catalogs, actor.person, release_id)
        await check_may_plan(session, found)
        await check_has_plan(session, found)
        tasks = await tasks_of(session, release_id)
    start = found.release.window_start
    due = start if start > work.clock.now() else None
    empty = TaskForm(title="", phase="implementation", due_at=due, owner=None, role="", milestone=False)
    return _to_change(found, tasks, empty)


async def task_to_change(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, task_id: int
) -> TaskToChange:
    """What the form of a task needs. Raises what :func:`change_task` would raise for this person."""
    async with work(actor) as tx:
        found = await planning(tx.session, catalogs, actor.person, release_id)
        task = await task_in(tx.session, release_id, task_id)
        await check_may_change(tx.session, found, task)
        _check_undone(task)
        tasks = await tasks_of(tx.session, release_id)
    entered = TaskForm(
        title=task.title,
        phase=task.phase,
        due_at=task.due_at,
        owner=task.owner,
        role=task.role,
        milestone=task.milestone,
    )
    return _to_change(found, tasks, entered, task)


def _to_change(
    found: Planning, tasks: list[PlanTask], entered: TaskForm, task: PlanTask | None = None
) -> TaskToChange:
    return TaskToChange(
        release_id=found.id,
        identifier=found.release.identifier,
        zone=str(found.catalog.zone(found.service)),
        roles=_roles(found),
        tasks=tuple(TaskChoice(one.id or 0, one.phase, one.title) for one in tasks if one is not task),
        entered=entered,
        task_id=task.id if task else None,
        stamp=stamp(task) if task else "",
    )


async def add_task(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, form: TaskForm, nonce: str
) -> None:
    """Add a task to the plan; an owner who is named is told at once.

    ``nonce`` names the opened form: submitting it twice makes one task. Raises :class:`~models.errors.Invalid` for
    wrong fields, :class:`~models.errors.Refused` when the person may not or there is no plan.
    """
    async with work(actor) as tx:
        found = await planning(tx.session, catalogs, actor.person, release_id, lock=True)
        if not await first_time(tx, f"task:{nonce}"):
            return
        await check_may_plan(tx.session, found)
        await check_has_plan(tx.session, found)
        tasks = await tasks_of(tx.session, release_id)
        if len(tasks) >= MOST_TASKS:
            raise Refused(f"The plan has {len(tasks)} tasks; {MOST_TASKS} is the most. Remove one first.")
        task = PlanTask(release_id=release_id, position=len(tasks), phase="", title="", role="", due_at=tx.now)
        await _fill(tx, found, task, form)
        tx.session.add(task)
        await tx.session.flush()
        _renumber([*tasks, task], placed(_order(tasks), task.id or 0, task.phase, form.before))
        tx.record(
            TaskAdded(
                subject=task.id or 0,
                release_id=release_id,
                title=task.title,
                phase=task.phase,
                due=task.due_at.isoformat(),
            )
        )
        if task.owner:
            await tell_new_owner(tx, task, found.release, found.catalog.zone(found.service))
        await wish_checklist(tx, release_id)


async def change_task(
    work: UnitOfWork,
    catalogs: CatalogCache,
    actor: Actor,
    release_id: int,
    task_id: int,
    form: TaskForm,
    seen: str,
) -> None:
    """Replace what a task says by ``form``; a new owner is told at once, reminders follow the date.

    Raises :class:`~models.errors.Invalid` for wrong fields, :class:`~models.errors.Refused` when the person may not
    or the task is done, :class:`~models.errors.Stale` when it is not as ``seen`` (its stamp) any more.
    """
    async with work(actor) as tx:
        found, task = await _read(tx, catalogs, release_id, task_id)
        check_unchanged(task, seen)
        _check_undone(task)
        was = {name: getattr(task, name) for name in FIELDS}
        await _fill(tx, found, task, form)
        changed = tuple(name for name in FIELDS if getattr(task, name) != was[name])
        if form.before is not None or "phase" in changed:
            tasks = await tasks_of(tx.session, release_id)
            _renumber(tasks, placed(_order(tasks), task_id, task.phase, form.before))
        elif not changed:
            return
        before = tuple(str(was[name]) for name in changed)
        tx.record(
            TaskChanged(subject=task_id, release_id=release_id, title=task.title, fields=changed, before=before)
        )
        await _tell_owners(tx, found, task, was["owner"])
        await wish_checklist(tx, release_id)


async def move_task(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, task_id: int, step: int, seen_at: int
) -> None:
    """Exchange a task with its neighbour in its phase: ``step`` is -1 for up, 1 for down.

    Raises :class:`~models.errors.Stale` unless it still stands at ``seen_at``, :class:`~models.errors.Refused` when
    the person may not.
    """
    async with work(actor) as tx:
        _, task = await _read(tx, catalogs, release_id, task_id)
        if task.position != seen_at:
            raise Stale("Somebody else moved tasks meanwhile. Open the plan again, then move it.")
        tasks = await tasks_of(tx.session, release_id)
        _renumber(tasks, moved(_order(tasks), task_id, step))
        if task.position != seen_at:
            moved_to = task.position
            tx.record(TaskMoved(subject=task_id, release_id=release_id, title=task.title, position=moved_to))
            await wish_checklist(tx, release_id)


async def remove_task(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, task_id: int, seen: str
) -> str:
    """Take a task out of the plan; gives its title. Its reminders say so.

    Raises :class:`~models.errors.Refused` for a done task, which is part of the record, and when the person may
    not; :class:`~models.errors.Stale` when the task is not as ``seen`` any more.
    """
    async with work(actor) as tx:
        _, task = await _read(tx, catalogs, release_id, task_id)
        check_unchanged(task, seen)
        _check_undone(task)
        title, chased = task.title, task.chased
        if task.owner:
            await refresh_homes_of(tx.session, [task.owner], tx.now)
        rest = [one for one in await tasks_of(tx.session, release_id) if one.id != task_id]
        await tx.session.delete(task)
        _renumber(rest, [one.id or 0 for one in rest])
        tx.record(
            TaskRemoved(subject=task_id, release_id=release_id, title=title, chased=chased, person=actor.person)
        )
        await wish_checklist(tx, release_id)
        return title


async def _read(
    tx: Transaction, catalogs: CatalogCache, release_id: int, task_id: int
) -> tuple[Planning, PlanTask]:
    """Lock the release, so that changes of one plan come one after another, and the task; ask whether they may."""
    found = await planning(tx.session, catalogs, tx.actor.person, release_id, lock=True)
    task = await task_in(tx.session, release_id, task_id)
    await check_may_change(tx.session, found, task)
    return found, task


def _check_undone(task: PlanTask) -> None:
    if task.done_at is not None:
        raise Refused(f"{task.title} is done, and what was done stays as it was. Reopen it first.")


def _order(tasks: list[PlanTask]) -> list[Place]:
    return [Place(task.id or 0, task.phase) for task in tasks]


def _renumber(tasks: list[PlanTask], order: list[int]) -> None:
    """Give every task the position it has in ``order``."""
    by_id = {task.id: task for task in tasks}
    for position, task_id in enumerate(order):
        if by_id[task_id].position != position:
            by_id[task_id].position = position


def _roles(found: Planning) -> tuple[str, ...]:
    return (*found.service.roles, OWNER) if found.service else ()


async def _fill(tx: Transaction, found: Planning, task: PlanTask, form: TaskForm) -> None:
    """Write ``form`` into ``task``. Raises :class:`~models.errors.Invalid` with every field that is wrong."""
    problems = {
        "title": _title_problem(form.title),
        "phase": "" if form.phase in PHASES else "Choose one of the phases.",
        "due": _due_problem(form.due_at, task, tx.now),
        "owner": "" if not form.owner or await can_act(tx, form.owner) else _NOBODY,
        "role": _role_problem(form, _roles(found)),
    }
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong or form.due_at is None:
        raise Invalid(wrong)
    due = form.due_at.astimezone(UTC)
    redated = due != task.due_at or not task.phase
    asked_for = form.milestone and (redated or not task.milestone)
    task.title, task.phase = " ".join(form.title.split()), form.phase
    task.owner, task.role = form.owner or None, form.role or task.role or MANAGER
    if redated:
        _date(task, due, found.release.window_start, found.catalog.zone(found.service))
    task.milestone = form.milestone
    if asked_for:
        task.chase_at = max(task.due_at, tx.now)
    elif not form.milestone:
        task.chase_at = None


_NOBODY = "This account is a bot or was deactivated. Choose somebody who can do it."


def _date(task: PlanTask, due: datetime, window_start: datetime, zone: ZoneInfo) -> None:
    """Date ``task``; unless its date stands by itself, as so many calendar days and seconds from the window."""
    by_itself = bool(task.phase) and task.id is not None and task.offset_days is None
    task.due_at = due
    if not by_itself:
        task.offset_days, task.offset_seconds = offset_between(window_start, due, zone)


def offset_between(start: datetime, due: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The calendar days and seconds that lead from ``start`` to ``due``, as a ``Span``."""
    days = (due.astimezone(zone).date() - start.astimezone(zone).date()).days
    seconds = (due - Span(days).after(start, zone)).total_seconds()
    return days, int(seconds)


async def _tell_owners(tx: Transaction, found: Planning, task: PlanTask, was: str | None) -> None:
    if task.owner == was:
        return
    if was:
        await refresh_homes_of(tx.session, [was], tx.now)
    if task.owner:
        await tell_new_owner(tx, task, found.release, found.catalog.zone(found.service))


def _title_problem(title: str) -> str:
    length = len(" ".join(title.split()))
    if not length:
        return "Say what is to be done."
    return f"This is {length} characters long; {TITLE_LIMIT} is the most." if length > TITLE_LIMIT else ""


def _due_problem(due: datetime | None, task: PlanTask, now: datetime) -> str:
    if due is None:
        return "Say when it is due."
    unchanged = task.id is not None and due == task.due_at
    return "This has passed. Choose a later moment." if due <= now and not unchanged else ""


def _role_problem(form: TaskForm, roles: tuple[str, ...]) -> str:
    if not form.owner and not form.role:
        return "Choose an owner, or the role that owns it."
    if form.role and roles and form.role not in roles:
        return "Nobody holds this role in the service. Choose another, or an owner."
    return ""

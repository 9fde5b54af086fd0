"""The form of a task: what it shows, what people enter, and how that is written into the task."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from models.catalog.document import OWNER
from models.catalog.roles import RELEASE_MANAGER as MANAGER
from models.errors import Invalid
from models.events import Actor
from models.lifecycle.tables.plan import PlanTask
from models.limits import TITLE_LIMIT
from models.releases.plan.access import (
    PlanAccess,
    check_has_plan,
    check_may_change_task,
    check_may_edit_plan,
    check_not_done,
    load_plan_access,
    load_task,
    stamp,
    tasks_of,
)
from models.releases.plan.order import PHASES
from models.releases.plan.owners import CANNOT_ACT, can_act
from models.text import too_long
from models.time.spans import Span
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskForm:
    """What a person entered. The task goes in front of ``before``; None leaves it where it is."""

    title: str
    phase: str
    due_at: datetime | None
    owner: str | None
    role: str
    milestone: bool
    before: int | None = None


@dataclass(frozen=True, slots=True)
class TaskChoice:
    id: int
    phase: str
    title: str


@dataclass(frozen=True, slots=True)
class OpenTaskForm:
    """What the form shows: the roles to choose from, the tasks to put this one before, and its present values.

    Without ``task_id`` the task is new. ``stamp`` is that of the task as it was shown.
    """

    release_id: int
    identifier: str
    zone: str
    roles: tuple[str, ...]
    tasks: tuple[TaskChoice, ...]
    entered: TaskForm
    task_id: int | None = None
    stamp: str = ""


async def new_task_form(work: UnitOfWork, actor: Actor, release_id: int) -> OpenTaskForm:
    """The form for a new task. Raises Refused as :func:`models.releases.plan.edit_tasks.add_task`."""
    async with work.reading() as snapshot:
        access = await load_plan_access(snapshot, actor.person, release_id)
        await check_may_edit_plan(snapshot.session, access)
        await check_has_plan(snapshot.session, access)
        tasks = await tasks_of(snapshot.session, release_id)
    start = access.release.window_start
    due = start if start > work.clock.now() else None
    empty = TaskForm(title="", phase="implementation", due_at=due, owner=None, role="", milestone=False)
    return _open_form(access, tasks, empty)


async def open_task_form(work: UnitOfWork, actor: Actor, release_id: int, task_id: int) -> OpenTaskForm:
    """The form of a task. Raises Refused as :func:`models.releases.plan.edit_tasks.change_task`."""
    async with work.reading(actor) as snapshot:
        access = await load_plan_access(snapshot, actor.person, release_id)
        task = await load_task(snapshot, release_id, task_id)
        await check_may_change_task(snapshot.session, access, task)
        check_not_done(task)
        tasks = await tasks_of(snapshot.session, release_id)
    entered = TaskForm(
        title=task.title,
        phase=task.phase,
        due_at=task.due_at,
        owner=task.owner,
        role=task.role,
        milestone=task.milestone,
    )
    return _open_form(access, tasks, entered, task)


def _open_form(
    access: PlanAccess, tasks: list[PlanTask], entered: TaskForm, task: PlanTask | None = None
) -> OpenTaskForm:
    return OpenTaskForm(
        release_id=access.id,
        identifier=access.release.identifier,
        zone=str(access.catalog.zone(access.service)),
        roles=choosable_roles(access),
        tasks=tuple(TaskChoice(other.id, other.phase, other.title) for other in tasks if other is not task),
        entered=entered,
        task_id=task.id if task else None,
        stamp=stamp(task) if task else "",
    )


def choosable_roles(access: PlanAccess) -> tuple[str, ...]:
    """The roles of the service that may own a task."""
    return (*access.service.roles, OWNER) if access.service else ()


async def apply_task_form(
    tx: Transaction, access: PlanAccess, task: PlanTask, form: TaskForm, *, is_new: bool = False
) -> None:
    """Write ``form`` into ``task``. Raises :class:`~models.errors.Invalid` with every wrong field."""
    problems = {
        "title": _title_problem(form.title),
        "phase": "" if form.phase in PHASES else "Choose one of the phases.",
        "due": _due_problem(form.due_at, None if is_new else task.due_at, tx.now),
        "owner": "" if not form.owner or await can_act(tx, form.owner) else CANNOT_ACT,
        "role": _role_problem(form, choosable_roles(access)),
    }
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong or form.due_at is None:
        raise Invalid(wrong)
    due = form.due_at.astimezone(UTC)
    redated = due != task.due_at or not task.phase
    remind = form.milestone and (redated or not task.milestone)
    task.title, task.phase = " ".join(form.title.split()), form.phase
    task.owner, task.role = form.owner or None, form.role or task.role or MANAGER
    if redated:
        fixed = not is_new and task.offset_days is None
        _set_due_date(task, due, access.release.window_start, access.catalog.zone(access.service), fixed=fixed)
    task.milestone = form.milestone
    if remind:
        task.chase_at = max(task.due_at, tx.now)
    elif not form.milestone:
        task.chase_at = None


def _set_due_date(task: PlanTask, due: datetime, window_start: datetime, zone: ZoneInfo, *, fixed: bool) -> None:
    """Set the due date; unless it is ``fixed``, also as an offset, so that it moves with the window."""
    task.due_at = due
    if not fixed:
        task.offset_days, task.offset_seconds = offset_between(window_start, due, zone)


def offset_between(start: datetime, due: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The calendar days in ``zone``, and the seconds, from ``start`` to ``due``, as a :class:`Span` counts them."""
    days = (due.astimezone(zone).date() - start.astimezone(zone).date()).days
    seconds = (due - Span(days).after(start, zone)).total_seconds()
    return days, int(seconds)


def _title_problem(title: str) -> str:
    line = " ".join(title.split())
    if not line:
        return "Say what is to be done."
    return too_long(line, TITLE_LIMIT) if len(line) > TITLE_LIMIT else ""


def _due_problem(due: datetime | None, before: datetime | None, now: datetime) -> str:
    if due is None:
        return "Say when it is due."
    return "This has passed. Choose a later moment." if due <= now and due != before else ""


def _role_problem(form: TaskForm, roles: tuple[str, ...]) -> str:
    if not form.owner and not form.role:
        return "Choose an owner, or the role that owns it."
    if form.role and roles and form.role not in roles:
        return "Nobody holds this role in the service. Choose another, or an owner."
    return ""

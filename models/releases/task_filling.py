"""Writing what a person entered into a task: every field is checked, and the date is hung on the window.

A due date that hangs on the window goes on hanging on it: what a person picks is kept as its distance from the
start of the window, so that a moved window moves it too. A date that stands by itself (the end of early life
support) stays by itself.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from models.catalog.spans import Span
from models.errors import Invalid
from models.releases.owners import MANAGER
from models.releases.plan_access import Planning
from models.releases.plan_order import PHASES
from models.releases.tables import PlanTask
from models.releases.task_form import TaskForm, choosable_roles
from models.releases.tasks import can_act
from models.unit_of_work import Transaction
from models.wording import too_long

TITLE_LIMIT = 150


async def fill(tx: Transaction, found: Planning, task: PlanTask, form: TaskForm) -> None:
    """Write ``form`` into ``task``. Raises :class:`~models.errors.Invalid` with every field that is wrong."""
    problems = {
        "title": _title_problem(form.title),
        "phase": "" if form.phase in PHASES else "Choose one of the phases.",
        "due": _due_problem(form.due_at, task, tx.now),
        "owner": "" if not form.owner or await can_act(tx, form.owner) else _NOBODY,
        "role": _role_problem(form, choosable_roles(found)),
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


def _title_problem(title: str) -> str:
    line = " ".join(title.split())
    if not line:
        return "Say what is to be done."
    return too_long(line, TITLE_LIMIT) if len(line) > TITLE_LIMIT else ""


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

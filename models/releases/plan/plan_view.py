"""Reading a plan for one person: its tasks, and what that person may do with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from models.lifecycle.lifecycle import CHASED
from models.lifecycle.tables.plan import PlanTask, ReleaseNotes
from models.people.directory import names
from models.releases.plan.access import PlanAccess, load_plan_access, stamp, tasks_of
from models.releases.plan.order import DAY_PHASES, phase_rank
from models.releases.plan.queries import is_overdue, task_line
from models.releases.plan.sustaining import sustaining_people
from models.unit_of_work import Snapshot


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A task of the plan. ``mine`` says that the reader may change it; ``first`` and ``last`` are of its phase."""

    id: int
    title: str
    phase: str
    owner: str
    milestone: bool
    due_at: datetime
    overdue: bool
    done_by: str
    done_at: datetime | None
    position: int
    stamp: str
    mine: bool
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan of a release, by phase and then position.

    ``may_plan`` allows the reader to add tasks and name sustaining people, ``may_write`` to write release notes and
    post the checklist. ``notes`` is the version of the release notes, 0 for none. A plan that is ``made`` is empty
    when the template has no task.
    """

    release_id: int
    identifier: str
    title: str
    window_start: datetime
    lines: tuple[PlanLine, ...]
    sustaining: tuple[str, ...]
    notes: int
    has_day: bool
    made: bool
    may_plan: bool
    may_write: bool

    @property
    def done(self) -> int:
        return sum(line.done_at is not None for line in self.lines)


async def plan_view(snapshot: Snapshot, person: str, release_id: int) -> PlanView:
    """The plan of a release as ``person`` sees it. Raises :class:`~models.errors.NotFound`."""
    access = await load_plan_access(snapshot, person, release_id)
    tasks = sorted(await tasks_of(snapshot.session, release_id), key=lambda task: phase_rank(task.phase))
    sustaining = await sustaining_people(snapshot.session, release_id)
    people = {one for task in tasks for one in (task.owner, task.done_by) if one} | set(sustaining)
    called = await names(snapshot.session, people)
    version = select(func.max(ReleaseNotes.version)).where(col(ReleaseNotes.release_id) == release_id)
    release = access.release
    return PlanView(
        release_id=release_id,
        identifier=release.identifier,
        title=release.title,
        window_start=release.window_start,
        lines=tuple(_line(access, tasks, number, called, snapshot.now) for number in range(len(tasks))),
        sustaining=tuple(called.get(sustainer, sustainer) for sustainer in sustaining),
        notes=(await snapshot.session.exec(version)).one() or 0,
        made=bool(tasks) or release.state in CHASED,
        has_day=any(task.phase in DAY_PHASES for task in tasks),
        may_plan=access.open and access.may_plan,
        may_write=access.open and access.may_write,
    )


def _line(
    access: PlanAccess, tasks: list[PlanTask], number: int, called: dict[str, str], now: datetime
) -> PlanLine:
    task = tasks[number]
    shown = task_line(task, access.release, access.catalog, called, now)
    neighbours = [tasks[at].phase if 0 <= at < len(tasks) else "" for at in (number - 1, number + 1)]
    return PlanLine(
        id=shown.id,
        title=task.title,
        phase=task.phase,
        owner=shown.owner,
        milestone=task.milestone,
        due_at=task.due_at,
        overdue=task.done_at is None and is_overdue(task, access.catalog, access.service, now),
        done_by=shown.done_by,
        done_at=task.done_at,
        position=task.position,
        stamp=stamp(task),
        mine=access.open and access.may_change(task),
        first=neighbours[0] != task.phase,
        last=neighbours[1] != task.phase,
    )

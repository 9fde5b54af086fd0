"""The order of a plan's tasks: rules on a list of task and phase, without I/O. A position is the place in it."""

from collections.abc import Sequence
from typing import NamedTuple, get_args

from models.catalog.field_types import Phase
from models.lifecycle.tables.plan import PlanTask

PHASES: tuple[str, ...] = get_args(Phase)
"""The phases of a plan in their order (DOMAIN.md, *The deployment plan*)."""

DAY_PHASES = ("implementation", "verification", "back-out")
"""The phases whose tasks are ticked off on the day of the deployment."""

UP, DOWN = -1, 1


class TaskPlace(NamedTuple):
    """A task and the phase it stands in."""

    task: int
    phase: str


def phase_rank(phase: str) -> int:
    """Where ``phase`` comes; one that the catalog knew once and dropped comes last."""
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


def phase_word(phase: str) -> str:
    """A phase as people say it: ``early life support``."""
    return phase.replace("_", " ")


def phase_heading(phase: str) -> str:
    """The same with a capital, as a heading."""
    words = phase_word(phase)
    return words[:1].upper() + words[1:]


def order_with_moved(order: Sequence[TaskPlace], task: int, step: int) -> list[int]:
    """The tasks with ``task`` exchanged with its neighbour in its phase; unchanged at the phase's edge."""
    tasks = [place.task for place in order]
    at = tasks.index(task)
    same = [number for number, place in enumerate(order) if place.phase == order[at].phase]
    to = same.index(at) + step
    if 0 <= to < len(same):
        tasks[at], tasks[same[to]] = tasks[same[to]], tasks[at]
    return tasks


def order_with_placed(order: Sequence[TaskPlace], task: int, phase: str, before: int | None = None) -> list[int]:
    """The tasks with ``task`` put before another one, or else behind the last of ``phase``.

    ``task`` may be new or stand somewhere already; a ``before`` that is not there counts as none.
    """
    others = [place for place in order if place.task != task]
    tasks = [place.task for place in others]
    if before in tasks:
        at = tasks.index(before)
    else:
        same = [number for number, place in enumerate(others) if place.phase == phase]
        at = same[-1] + 1 if same else len(tasks)
    tasks.insert(at, task)
    return tasks


def places(tasks: Sequence[PlanTask]) -> list[TaskPlace]:
    """``tasks`` as the rules see them."""
    return [TaskPlace(task.id, task.phase) for task in tasks]


def renumber(tasks: Sequence[PlanTask], order: Sequence[int]) -> None:
    """Give every task the position it has in ``order``; one that stands there already is not written."""
    by_id = {task.id: task for task in tasks}
    for position, task_id in enumerate(order):
        if by_id[task_id].position != position:
            by_id[task_id].position = position

"""The order of a plan's tasks: pure rules on a list of tasks and phases. A position is an index into it."""

from collections.abc import Sequence
from typing import NamedTuple, get_args

from models.catalog.field_types import Phase
from models.lifecycle.tables.plan import PlanTask

PHASES: tuple[str, ...] = get_args(Phase)
"""The phases of a plan in their order (docs/process.md#phases)."""

DAY_PHASES = ("implementation", "verification", "back-out")
"""The phases whose tasks are ticked off on the day of the deployment."""

UP, DOWN = -1, 1


class TaskPlace(NamedTuple):
    task: int
    phase: str


def phase_rank(phase: str) -> int:
    """The rank of ``phase``; one that the catalog no longer knows comes last."""
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


def phase_word(phase: str) -> str:
    """``early life support``."""
    return phase.replace("_", " ")


def phase_heading(phase: str) -> str:
    """``Early life support``."""
    words = phase_word(phase)
    return words[:1].upper() + words[1:]


def order_with_moved(order: Sequence[TaskPlace], task: int, step: int) -> list[int]:
    """The order with ``task`` and its neighbour in its phase swapped; unchanged at the edge of the phase."""
    tasks = [place.task for place in order]
    at = tasks.index(task)
    same = [number for number, place in enumerate(order) if place.phase == order[at].phase]
    to = same.index(at) + step
    if 0 <= to < len(same):
        tasks[at], tasks[same[to]] = tasks[same[to]], tasks[at]
    return tasks


def order_with_placed(order: Sequence[TaskPlace], task: int, phase: str, before: int | None = None) -> list[int]:
    """The order with ``task``, new or not, put in front of ``before``, or behind the last of ``phase``.

    A ``before`` that is not in the plan counts as none.
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
    return [TaskPlace(task.id, task.phase) for task in tasks]


def renumber(tasks: Sequence[PlanTask], order: Sequence[int]) -> None:
    """Set the positions of ``tasks`` to their places in ``order``; unchanged ones are not written."""
    by_id = {task.id: task for task in tasks}
    for position, task_id in enumerate(order):
        if by_id[task_id].position != position:
            by_id[task_id].position = position

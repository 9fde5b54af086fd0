"""What messages show of a plan's tasks and their reminders."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReminderState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REPLACED = "replaced"
    """There is a newer reminder of the task."""
    PAUSED = "paused"
    """The release waits for approval again."""
    SETTLED = "settled"
    """The release is settled."""
    REMOVED = "removed"
    """The task was removed from the plan."""


@dataclass(frozen=True, slots=True)
class TaskReminder:
    """One reminder of a task. ``owners`` are Slack ids, to be mentioned; all other people are names.

    ``handed_to`` is set when the task was handed over in answer to this reminder, ``handed_by`` when this reminder
    tells the new owner.
    """

    task_id: int
    title: str
    milestone: bool
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
    """A task in a list. ``owner`` is the name of the person it was handed to, or its role in words."""

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


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that the reader may settle."""

    id: int
    title: str
    identifier: str


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A task that is done. ``by`` (a name) and ``at`` are set when somebody else had done it before."""

    release_id: int
    title: str
    identifier: str
    by: str = ""
    at: datetime | None = None

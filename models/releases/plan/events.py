"""What can happen to a plan when people change it."""

from dataclasses import dataclass
from typing import ClassVar

from models.lifecycle.events import ReleaseEvent, TaskEvent


@dataclass(frozen=True, kw_only=True)
class TaskAdded(TaskEvent):
    tag: ClassVar[str] = "release:task:added"

    phase: str
    due: str


@dataclass(frozen=True, kw_only=True)
class TaskChanged(TaskEvent):
    """``fields`` are those that changed, ``before`` what they were, in the same order and as text."""

    tag: ClassVar[str] = "release:task:changed"

    fields: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TaskMoved(TaskEvent):
    tag: ClassVar[str] = "release:task:moved"

    position: int


@dataclass(frozen=True, kw_only=True)
class TaskRemoved(TaskEvent):
    """``chased`` reminders stand for it, which lose their buttons; ``person`` removed it."""

    tag: ClassVar[str] = "release:task:removed"

    chased: int
    person: str


@dataclass(frozen=True, kw_only=True)
class TaskReopened(TaskEvent):
    """A task that ``was_done_by`` had done is open again."""

    tag: ClassVar[str] = "release:task:reopened"

    was_done_by: str


@dataclass(frozen=True, kw_only=True)
class SustainingPeopleNamed(ReleaseEvent):
    tag: ClassVar[str] = "release:sustaining:named"

    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseNotesSaved(ReleaseEvent):
    tag: ClassVar[str] = "release:notes:saved"

    version: int


@dataclass(frozen=True, kw_only=True)
class ReleaseNotesPosted(ReleaseEvent):
    tag: ClassVar[str] = "release:notes:posted"

    version: int


@dataclass(frozen=True, kw_only=True)
class ChecklistPosted(ReleaseEvent):
    tag: ClassVar[str] = "release:checklist:posted"


@dataclass(frozen=True, kw_only=True)
class TaskReminded(TaskEvent):
    """A milestone's owners were reminded; ``count`` is the how-manieth time.

    ``handed_by`` handed the task over with it: the new owner has to be told at once, not at the next date.
    """

    tag: ClassVar[str] = "release:milestone:chased"

    count: int
    handed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskDone(TaskEvent):
    tag: ClassVar[str] = "release:task:done"

    chased: int


@dataclass(frozen=True, kw_only=True)
class TaskSnoozed(TaskEvent):
    """``until`` is an ISO 8601 moment in UTC; ``person`` asked for it."""

    tag: ClassVar[str] = "release:task:snoozed"

    until: str
    chased: int
    person: str


@dataclass(frozen=True, kw_only=True)
class TaskHandedOver(TaskEvent):
    """``person`` handed the task to ``to``; ``chased`` reminders stand for it so far."""

    tag: ClassVar[str] = "release:task:handed_over"

    to: str
    chased: int
    person: str

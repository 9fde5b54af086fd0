"""What can happen to a plan."""

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
    """``before`` holds the old values of the changed ``fields`` as text, in the same order."""

    tag: ClassVar[str] = "release:task:changed"

    fields: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TaskMoved(TaskEvent):
    tag: ClassVar[str] = "release:task:moved"

    position: int


@dataclass(frozen=True, kw_only=True)
class TaskRemoved(TaskEvent):
    """``person`` removed a task of which ``chased`` reminders were sent."""

    tag: ClassVar[str] = "release:task:removed"

    chased: int
    person: str


@dataclass(frozen=True, kw_only=True)
class TaskReopened(TaskEvent):
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
    """The owners of a task were reminded for the ``count``-th time; by ``handed_by``, when they handed it over."""

    tag: ClassVar[str] = "release:milestone:chased"

    count: int
    handed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskDone(TaskEvent):
    tag: ClassVar[str] = "release:task:done"

    chased: int


@dataclass(frozen=True, kw_only=True)
class TaskSnoozed(TaskEvent):
    """``person`` put the next reminder off ``until`` an ISO 8601 moment in UTC."""

    tag: ClassVar[str] = "release:task:snoozed"

    until: str
    chased: int
    person: str


@dataclass(frozen=True, kw_only=True)
class TaskHandedOver(TaskEvent):
    """``person`` handed the task to ``to`` after ``chased`` reminders."""

    tag: ClassVar[str] = "release:task:handed_over"

    to: str
    chased: int
    person: str

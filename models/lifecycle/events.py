"""What can happen to a release and its plan."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class ReleaseEvent(Event):
    """Something that happened to a release.

    ``identifier`` is how people call it, ``channel`` where its card and its thread stand, as far as it is known.
    """

    kind: ClassVar[str] = "release"

    identifier: str
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskEvent(Event):
    """Something that happened to a task of a plan; the subject is the task's id."""

    kind: ClassVar[str] = "task"

    title: str

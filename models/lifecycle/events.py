from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class ReleaseEvent(Event):
    """``channel`` is where its card and thread are; empty where that isn't known."""

    kind: ClassVar[str] = "release"

    identifier: str
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskEvent(Event):
    """The subject is the task's id."""

    kind: ClassVar[str] = "task"

    title: str

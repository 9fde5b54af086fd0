from dataclasses import dataclass
from typing import ClassVar

from models.events import Event
from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class ClearanceGiven(ReleaseEvent):
    """A pipeline may deploy. ``clearance`` is the row of its question.

    ``told_before``: it had to wait, and the release's thread told so. ``bound_to`` is what the answer holds for.
    """

    tag: ClassVar[str] = "release:clearance:allowed"

    clearance: int
    round: int
    bound_to: str
    told_before: bool


@dataclass(frozen=True, kw_only=True)
class ClearanceWithheld(ReleaseEvent):
    """A pipeline has to wait, or its release has to change; ``first`` of this round of the release."""

    tag: ClassVar[str] = "release:clearance:withheld"

    clearance: int
    round: int
    decision: str
    codes: tuple[str, ...]
    first: bool


@dataclass(frozen=True, kw_only=True)
class DeskPassedBy(ReleaseEvent):
    """A pipeline deployed without clearance, because it couldn't reach Release Desk: that is broken glass.

    ``mentions`` are the people and user groups who have to know.
    """

    tag: ClassVar[str] = "release:clearance:desk_away"

    clearance: int
    mentions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeskPassedByWithoutRelease(Event):
    """The same where no release was meant; the subject is the row of the question."""

    tag: ClassVar[str] = "clearance:desk_away"
    kind: ClassVar[str] = "clearance"

    clearance: int
    channel: str
    mentions: tuple[str, ...]

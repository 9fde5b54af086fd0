from dataclasses import dataclass
from typing import ClassVar

from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class ReleaseRequested(ReleaseEvent):
    tag: ClassVar[str] = "release:requested"


@dataclass(frozen=True, kw_only=True)
class ReleaseEdited(ReleaseEvent):
    """``fields`` have changed; ``material`` are, in words, those of them that an approval is bound to.

    ``voided`` when approvals given so far, by ``voided_people``, no longer hold. It is the turn of ``asked`` again.
    ``changes`` have the old and the new, as :mod:`models.releases.request.content_changes` writes them. Those who
    decided on round ``since`` are told what is new; 0 tells nobody.
    """

    tag: ClassVar[str] = "release:edited"

    fields: tuple[str, ...]
    material: tuple[str, ...]
    round: int
    voided: bool
    voided_people: tuple[str, ...]
    asked: tuple[str, ...] = ()
    changes: tuple[dict[str, str], ...] = ()
    since: int = 0


@dataclass(frozen=True, kw_only=True)
class ReleaseResubmitted(ReleaseEvent):
    """It is the turn of the people and groups ``asked``; ``changes`` and ``since`` as in :class:`ReleaseEdited`."""

    tag: ClassVar[str] = "release:resubmitted"

    fields: tuple[str, ...]
    round: int
    person: str
    asked: tuple[str, ...]
    changes: tuple[dict[str, str], ...] = ()
    since: int = 0


@dataclass(frozen=True, kw_only=True)
class ReleaseCancelled(ReleaseEvent):
    tag: ClassVar[str] = "release:cancelled"

    person: str
    requester: str


@dataclass(frozen=True, kw_only=True)
class ReleaseSuperseded(ReleaseEvent):
    """It ended in favour of the release ``newer``, an identifier, which has the id ``newer_id``.

    ``bookings`` of environments belong to that one from now on.
    """

    tag: ClassVar[str] = "release:superseded"

    newer: str
    newer_id: int
    bookings: int
    person: str
    requester: str


@dataclass(frozen=True, kw_only=True)
class ReleaseSupersedes(ReleaseEvent):
    """It took the place of the release ``older``, an identifier, which has the id ``older_id``."""

    tag: ClassVar[str] = "release:supersedes"

    older: str
    older_id: int
    bookings: int
    person: str

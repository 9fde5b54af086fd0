from dataclasses import dataclass
from typing import ClassVar

from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class ReleaseRequested(ReleaseEvent):
    tag: ClassVar[str] = "release:requested"


@dataclass(frozen=True, kw_only=True)
class ReleaseEdited(ReleaseEvent):
    """``fields`` have changed; ``material`` are, in words, those of them that an approval is bound to.

    ``voided`` when approvals given so far, by ``voided_people``, no longer hold. ``changes`` have the old and the
    new, as :mod:`models.releases.request.content_changes` writes them. Those who decided on round ``since`` are
    told what is new; 0 tells nobody.
    """

    tag: ClassVar[str] = "release:edited"

    fields: tuple[str, ...]
    material: tuple[str, ...]
    round: int
    voided: bool
    voided_people: tuple[str, ...]
    changes: tuple[dict[str, str], ...] = ()
    since: int = 0


@dataclass(frozen=True, kw_only=True)
class ReleaseResubmitted(ReleaseEvent):
    """``changes`` and ``since`` are as in :class:`ReleaseEdited`."""

    tag: ClassVar[str] = "release:resubmitted"

    fields: tuple[str, ...]
    changes: tuple[dict[str, str], ...] = ()
    since: int = 0


@dataclass(frozen=True, kw_only=True)
class ReleaseCancelled(ReleaseEvent):
    tag: ClassVar[str] = "release:cancelled"

    person: str
    requester: str

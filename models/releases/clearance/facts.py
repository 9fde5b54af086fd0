"""What clearance looks at: a release, its surroundings, and this moment."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog, Service
from models.catalog.freezes import FreezeInForce
from models.lifecycle.overlaps import Planned
from models.releases.clearance.obstacles import Asked
from models.releases.policy.emergency import EMERGENCY_GRACE


@dataclass(frozen=True, slots=True)
class DeploymentUnderWay:
    identifier: str
    service_name: str


@dataclass(frozen=True, slots=True)
class ApproverWhoLeft:
    """Somebody whose approval counts for ``role``, which they don't hold any more."""

    person: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class GateLack:
    """What a gate of the activities lacks, and the roles that can settle it."""

    what: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClearanceFacts:
    """``end`` is the end of the window with its extension.

    ``emergency``: it was approved as one. ``waived_freezes`` are keys, ``waived_collisions`` identifiers.
    ``missing_roles`` haven't approved this round. ``difference`` says how what is to be deployed differs from what
    was approved. ``risk_decided_by`` is the factor that decided ``risk``, in words. ``opened`` are the names of the
    obstacles that an override in force opens.
    """

    catalog: Catalog
    service: Service
    asked: Asked
    now: datetime
    start: datetime
    end: datetime
    emergency: bool = False
    freezes: tuple[FreezeInForce, ...] = ()
    waived_freezes: frozenset[str] = frozenset()
    under_way: tuple[DeploymentUnderWay, ...] = ()
    planned: tuple[Planned, ...] = ()
    waived_collisions: frozenset[str] = frozenset()
    missing_roles: tuple[str, ...] = ()
    left: tuple[ApproverWhoLeft, ...] = ()
    lacking: tuple[GateLack, ...] = ()
    difference: str = ""
    risk_at_request: str = ""
    risk: str = ""
    risk_decided_by: str = ""
    opened: frozenset[tuple[str, str]] = frozenset()

    @property
    def zone(self) -> ZoneInfo:
        return self.catalog.zone(self.service)

    @property
    def ignores_time(self) -> bool:
        """An emergency from its approval until 24 hours after its window."""
        return self.emergency and self.now < self.end + EMERGENCY_GRACE

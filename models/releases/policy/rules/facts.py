"""What the rules look at: the request, and its surroundings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog, ReleaseType, Service
from models.freezes.tables import TypedFreeze
from models.lifecycle.overlaps import Planned
from models.packages.compatibility import PlannedItem, PresentItem
from models.packages.tree import Node
from models.releases.policy.rules.findings import Finding
from models.releases.policy.rules.service_record import NO_RECORD, ServiceRecord

EMERGENCY = "emergency"
"""A type called this is an emergency to policy even without later approvals."""


def is_emergency(type_name: str, kind: ReleaseType | None) -> bool:
    return type_name == EMERGENCY or (kind is not None and kind.afterwards is not None)


@dataclass(frozen=True, kw_only=True)
class PolicyFacts:
    """A request; what is not chosen yet is empty.

    ``authors`` have changed its content; like the requester they don't approve it. The lead time counts from
    ``requested_at``; ``items`` are the configuration items that it brings, ``changes`` the ids of its changes.
    """

    catalog: Catalog
    service: Service
    requester: str
    authors: frozenset[str] = frozenset()
    requested_at: datetime
    type: str = ""
    method: str = ""
    start: datetime | None = None
    end: datetime | None = None
    items: tuple[Node, ...] = ()
    changes: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Days and windows are counted in the service's time zone."""
        return self.catalog.zone(self.service)

    @property
    def kind(self) -> ReleaseType | None:
        """None for a type that the service does not have."""
        return self.service.policy.types.get(self.type)

    @property
    def emergency(self) -> bool:
        """Lead time and deployment windows don't hold it up: docs/process.md#rules."""
        return is_emergency(self.type, self.kind)


@dataclass(frozen=True, slots=True)
class SharedChanges:
    """Another open release that carries some of the same authorised changes."""

    identifier: str
    service: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BusyPerson:
    """Somebody who is needed for this deployment and, at the same time, for that of another release."""

    person: str
    name: str
    identifier: str
    service: str


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Other releases, dependent services and the people in roles.

    ``menders`` are the names of those who can name somebody in a role: the service's owner, else the process owner.
    ``planned`` are the open releases of this and related services, ``alike`` the releases of this service and type
    that were not rejected, expired or cancelled, ``dependants`` the services that need this one. ``holders`` are
    the people in each role, with the ids of user groups that have not been read yet. ``present`` are the
    configuration items as they are, ``brought`` those of releases planned before this one; both are read only for
    a request that brings items. ``typed`` are the freezes that people typed, of all services. ``record`` is how the
    service's deployments have gone.
    """

    planned: tuple[Planned, ...] = ()
    alike: tuple[Planned, ...] = ()
    dependants: tuple[Service, ...] = ()
    holders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    menders: str = ""
    present: Mapping[str, PresentItem] = field(default_factory=dict)
    brought: tuple[PlannedItem, ...] = ()
    typed: tuple[TypedFreeze, ...] = ()
    record: ServiceRecord = NO_RECORD
    shared: tuple[SharedChanges, ...] = ()
    busy: tuple[BusyPerson, ...] = ()


PolicyRule = Callable[[PolicyFacts, Surroundings], list[Finding]]
"""It makes no findings while what it looks at is not chosen."""

"""What the rules look at: the request as far as it is known, and what stands around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog, ReleaseType, Service
from models.lifecycle.overlaps import Planned
from models.packages.compatibility import PlannedItem, PresentItem
from models.packages.tree import Node
from models.releases.policy.rules.findings import Finding

EMERGENCY = "emergency"
"""The type that needs no lead time and no window. A type with ``afterwards`` is an emergency too."""


@dataclass(frozen=True, kw_only=True)
class PolicyFacts:
    """A request while it is typed: what is not chosen yet is empty.

    The lead time counts from ``asked_at``; ``items`` are the configuration items that it brings.
    """

    catalog: Catalog
    service: Service
    requester: str
    asked_at: datetime
    type: str = ""
    method: str = ""
    start: datetime | None = None
    end: datetime | None = None
    items: tuple[Node, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The service's time zone: its calendar is the one that counts."""
        return self.catalog.zone(self.service)

    @property
    def kind(self) -> ReleaseType | None:
        """What the catalog says of the type; nothing for one that the service does not have."""
        return self.service.policy.types.get(self.type)

    @property
    def emergency(self) -> bool:
        """Whether it needs no lead time and no window."""
        return self.type == EMERGENCY or (self.kind is not None and self.kind.afterwards is not None)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What else there is: other releases, dependent services and the people in roles.

    ``planned`` are the open releases of services that hang together with this one; ``alike`` all releases of this
    service and type that were not stopped before their deployment; ``dependants`` the services that need this one.
    ``holders`` are the people in each role; a user group that has not been read yet stands there itself.
    ``present`` are the configuration items as they are, ``brought`` those of the releases planned before this one;
    they are looked up for a request that brings items.
    """

    planned: tuple[Planned, ...] = ()
    alike: tuple[Planned, ...] = ()
    dependants: tuple[Service, ...] = ()
    holders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    present: Mapping[str, PresentItem] = field(default_factory=dict)
    brought: tuple[PlannedItem, ...] = ()


PolicyRule = Callable[[PolicyFacts, Surroundings], list[Finding]]
"""A rule: it says nothing as long as what it looks at is not chosen."""

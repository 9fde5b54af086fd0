"""The catalog: services, people in roles, release policy and digests, as one checked, read-only document.

The format is that of ``docs/catalog.md``. Everything a catalog may say is kept, so that writing it back loses
nothing. Ids are Slack ids: ``U...`` a person, ``S...`` a user group, ``C...`` a channel.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from models.catalog.values import (
    ChannelId,
    Count,
    Day,
    DayOfMonth,
    Due,
    EndOfWindow,
    Key,
    Length,
    LookBack,
    Name,
    Phase,
    Repository,
    ServiceKey,
    SomeTime,
    SubjectId,
    Text,
    TimeOfDay,
    TimeZone,
    Title,
    Truth,
    Version,
)
from models.time.days import Weekday
from models.time.spans import Span, parse_offset

OWNER = "owner"
"""The role that every service has: its owner."""

STANDARD_METHODS = ("rolling", "blue-green", "big bang", "phased", "manual")
"""Deployment methods offered for a service whose policy names none (ITIL's usual ones)."""

DEFAULT_NUMBERING = "{service}-{year}.{sequence:03d}"
"""The numbering scheme of a service that names none: ``PAY-2026.014``."""


class Part(BaseModel):
    """A part of the catalog: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Environment(Part):
    """Where releases are built, tested and run; ``capacity`` bookings fit in at a time."""

    key: Key
    name: Name
    manager: SubjectId | None = None
    capacity: Count = 1
    max_booking: SomeTime | None = None
    production: Truth = False


class ConfigurationItem(Part):
    """A managed part of a service; ``compatible_with`` says which versions of other items it works with."""

    key: Key
    kind: Literal["hardware", "software", "documentation", "process"]
    name: Name
    version: Version
    compatible_with: Mapping[Key, str] = {}


class Window(Part):
    """When a service may be deployed: from a time to a later one of the same day, in the service's time zone."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    from_: TimeOfDay = Field(alias="from")
    to: EndOfWindow


class Freeze(Part):
    """Days on which a service is left alone: from a day to a day, both included, or again ``every`` so often.

    ``days`` are weekdays for ``week``, days of the month for ``month`` and ``MM-DD`` for ``year``.
    """

    name: Name
    kind: Literal["hard", "soft"]
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    every: Literal["week", "month", "year"] | None = None
    days: tuple[DayOfMonth | str, ...] = ()


class ApprovalPolicy(Part):
    """When an undecided request is chased, escalated and expired, and whether one rejection stops it."""

    remind_after: SomeTime | None = None
    escalate_after: SomeTime | None = None
    escalate_to: Key | None = None
    expire_after: SomeTime | None = None
    one_rejection_stops: Truth = True


class AtMost(Part):
    """How often releases of a type may occur."""

    count: Count
    every: SomeTime


class LaterApprovalTerms(Part):
    """The approvals that are collected after an emergency deployment, and by when."""

    approvals: Mapping[Key, Count] = Field(min_length=1)
    within: SomeTime


class PlanItem(Part):
    """A task of the plan template; ``due`` is relative to the start of the window."""

    phase: Phase
    title: Title
    due: Due
    owner: Key
    milestone: Truth = False

    @property
    def offset(self) -> Span:
        """``due`` as a length of time."""
        return parse_offset(self.due)


class ReleaseType(Part):
    """What one type of release needs: notice, approvals by role, documents, early life support, its own tasks."""

    notice: Length = "0d"
    at_most: AtMost | None = None
    approvals: Mapping[Key, Count] = Field(min_length=1)
    documents: tuple[Name, ...] = ()
    early_life_support: Length | None = None
    afterwards: LaterApprovalTerms | None = None
    plan: tuple[PlanItem, ...] | None = None


class Policy(Part):
    """The release policy of a service."""

    deployment_methods: tuple[Name, ...] = ()
    windows: tuple[Window, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    approval: ApprovalPolicy = ApprovalPolicy()
    types: Mapping[Key, ReleaseType] = Field(min_length=1)
    plan: tuple[PlanItem, ...] = ()


class Criteria(Part):
    """What each release of a service has to show to begin, to deploy and to be handed over."""

    entry: tuple[Text, ...] = ()
    exit: tuple[Text, ...] = ()
    early_life_support: tuple[Text, ...] = ()


class Deployments(Part):
    """Where deployments of a service are reported from, and which environments of theirs are production.

    ``repositories`` are those of GitHub and GitLab, ``applications`` those of Argo CD.
    """

    repositories: tuple[Repository, ...] = ()
    applications: tuple[Name, ...] = ()
    production: tuple[Name, ...] = Field(default=("production", "prod"), min_length=1)


class Service(Part):
    """A service and its service reference design."""

    key: ServiceKey
    name: Name
    channel: ChannelId
    owner: SubjectId
    numbering: str = DEFAULT_NUMBERING
    timezone: TimeZone | None = None
    depends_on: tuple[ServiceKey, ...] = ()
    roles: Mapping[Key, tuple[SubjectId, ...]] = {}
    configuration_items: tuple[ConfigurationItem, ...] = ()
    policy: Policy
    criteria: Criteria = Criteria()
    deployments: Deployments = Deployments()

    def holders(self, role: str) -> tuple[str, ...]:
        """The people and user groups in ``role``; the owner holds ``owner``."""
        return (self.owner,) if role == OWNER else self.roles.get(role, ())

    @cached_property
    def names_groups(self) -> bool:
        """Whether a user group holds a role, so that rights depend on who is in it."""
        subjects = {self.owner, *(one for holders in self.roles.values() for one in holders)}
        return any(one.startswith("S") for one in subjects)

    def roles_of(self, subjects: Collection[str]) -> frozenset[str]:
        """The roles that one of ``subjects`` (a person and their user groups) holds."""
        return frozenset(role for role in (OWNER, *self.roles) if not set(subjects).isdisjoint(self.holders(role)))

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """The deployment methods one may choose."""
        return self.policy.deployment_methods or STANDARD_METHODS

    def plan_for(self, type_name: str) -> tuple[PlanItem, ...]:
        """The plan template for ``type_name``: the type's own items replace those of the same title."""
        own = self.policy.types[type_name].plan or ()
        titles = {item.title for item in own}
        return (*(item for item in self.policy.plan if item.title not in titles), *own)


class Digest(Part):
    """One daily digest: where, when (in its own time zone), over which period, about which services."""

    channel: ChannelId
    at: TimeOfDay
    days: tuple[Weekday, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), min_length=1)
    timezone: TimeZone | None = None
    period: LookBack = "30d"
    services: tuple[ServiceKey, ...] = ()


class Catalog(Part):
    """The whole catalog. ``revision`` counts the applied versions; 0 is the empty catalog before the first."""

    version: Literal[1] = 1
    timezone: TimeZone = "UTC"
    process_owner: SubjectId | None = None
    environments: tuple[Environment, ...] = ()
    services: tuple[Service, ...] = ()
    digests: tuple[Digest, ...] = ()
    revision: int = Field(default=0, exclude=True)

    @cached_property
    def by_key(self) -> dict[str, Service]:
        """The services by their key."""
        return {service.key: service for service in self.services}

    @cached_property
    def items_by_key(self) -> dict[str, ConfigurationItem]:
        """The configuration items of every service by their key; no two services have one of the same key."""
        return {item.key: item for service in self.services for item in service.configuration_items}

    def zone(self, service: Service | None = None) -> ZoneInfo:
        """The time zone of ``service``, or of the whole catalog."""
        return ZoneInfo((service and service.timezone) or self.timezone)

    def service_name(self, key: str) -> str:
        """What the service is called; its key where the catalog no longer has it."""
        service = self.by_key.get(key)
        return service.name if service else key

    def in_channel(self, channel: str) -> Service | None:
        """The service whose channel this is, when it is exactly one's."""
        found = [service for service in self.services if service.channel == channel]
        return found[0] if len(found) == 1 else None

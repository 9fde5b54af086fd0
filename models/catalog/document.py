"""The catalog: services, people in roles, release policy and digests, as one checked, read-only document.

The format is that of ``docs/catalog.md``. Everything a catalog may say is kept, so that writing it back loses
nothing. Ids are Slack ids: ``U...`` a person, ``S...`` a user group, ``C...`` a channel.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from models.catalog.spans import Span, parse_offset, parse_span

OWNER = "owner"
"""The role that every service has: its owner."""

STANDARD_METHODS = ("rolling", "blue-green", "big bang", "phased", "manual")
"""Deployment methods offered for a service whose policy names none (ITIL's usual ones)."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; write for example Europe/Amsterdam") from None
    return name


def _span(text: str) -> str:
    parse_span(text)
    return text


def _offset(text: str) -> str:
    parse_offset(text)
    return text


def _time(value: object) -> object:
    if isinstance(value, int):  # YAML 1.1 reads an unquoted 09:00 as sixty times nine
        raise ValueError('a time of day stands in quotes, for example "09:00"')
    return value


SubjectId = Annotated[str, Field(pattern=r"^[UWS][A-Z0-9]{1,20}$")]
ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{1,20}$")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,39}$")]
ServiceKey = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_-]{0,19}$")]
Name = Annotated[str, Field(min_length=1, max_length=75)]
TimeZone = Annotated[str, AfterValidator(_zone)]
Length = Annotated[str, AfterValidator(_span)]
Due = Annotated[str, AfterValidator(_offset)]
TimeOfDay = Annotated[str, BeforeValidator(_time), Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Count = Annotated[int, Field(ge=1, le=1000)]
Phase = Literal[
    "planning",
    "communication",
    "preparation",
    "training",
    "implementation",
    "verification",
    "back-out",
    "early_life_support",
]


class Part(BaseModel):
    """A part of the catalog: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Environment(Part):
    key: Key
    name: Name
    manager: SubjectId | None = None
    capacity: Count = 1
    max_booking: Length | None = None
    production: bool = False


class ConfigurationItem(Part):
    key: Key
    kind: Literal["hardware", "software", "documentation", "process"]
    name: Name
    version: str = Field(min_length=1, max_length=50)
    compatible_with: Mapping[Key, str] = {}


class Window(Part):
    days: tuple[Weekday, ...] = Field(min_length=1)
    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay


class Freeze(Part):
    name: Name
    kind: Literal["hard", "soft"]
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    every: Literal["week", "month", "year"] | None = None
    days: tuple[int | Weekday, ...] = ()


class ApprovalPolicy(Part):
    remind_after: Length | None = None
    escalate_after: Length | None = None
    escalate_to: Key | None = None
    expire_after: Length | None = None
    one_rejection_stops: bool = True


class AtMost(Part):
    count: Count
    every: Length


class Afterwards(Part):
    approvals: Mapping[Key, Count]
    within: Length


class PlanItem(Part):
    """A task of the plan template; ``due`` is relative to the start of the window."""

    phase: Phase
    title: str = Field(min_length=1, max_length=150)
    due: Due
    owner: Key
    milestone: bool = False

    @property
    def offset(self) -> Span:
        return parse_offset(self.due)


class ReleaseType(Part):
    notice: Length = "0d"
    at_most: AtMost | None = None
    approvals: Mapping[Key, Count] = Field(min_length=1)
    documents: tuple[str, ...] = ()
    early_life_support: Length | None = None
    afterwards: Afterwards | None = None
    plan: tuple[PlanItem, ...] | None = None


class Policy(Part):
    deployment_methods: tuple[Name, ...] = ()
    windows: tuple[Window, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    approval: ApprovalPolicy = ApprovalPolicy()
    types: Mapping[Key, ReleaseType] = Field(min_length=1)
    plan: tuple[PlanItem, ...] = ()


class Criteria(Part):
    entry: tuple[str, ...] = ()
    exit: tuple[str, ...] = ()
    early_life_support: tuple[str, ...] = ()


class Service(Part):
    """A service and its service reference design."""

    key: ServiceKey
    name: Name
    channel: ChannelId
    owner: SubjectId
    numbering: str = "{service}-{year}.{sequence:03d}"
    timezone: TimeZone | None = None
    depends_on: tuple[ServiceKey, ...] = ()
    roles: Mapping[Key, tuple[SubjectId, ...]] = {}
    configuration_items: tuple[ConfigurationItem, ...] = ()
    policy: Policy
    criteria: Criteria = Criteria()

    def holders(self, role: str) -> tuple[str, ...]:
        """The people and user groups in ``role``; the owner holds ``owner``."""
        return (self.owner,) if role == OWNER else self.roles.get(role, ())

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
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    timezone: TimeZone | None = None
    period: Length = "30d"
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

    def zone(self, service: Service | None = None) -> ZoneInfo:
        """The time zone of ``service``, or of the whole catalog."""
        return ZoneInfo((service and service.timezone) or self.timezone)

    def in_channel(self, channel: str) -> Service | None:
        """The service whose channel this is, when it is exactly one's."""
        found = [service for service in self.services if service.channel == channel]
        return found[0] if len(found) == 1 else None

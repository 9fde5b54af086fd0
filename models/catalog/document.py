"""The catalog as a checked, read-only document. docs/catalog.md describes the format.

Writing it back loses nothing. Ids are Slack ids: ``U...`` a person, ``S...`` a user group, ``C...`` a channel.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from models.catalog.field_types import (
    PERSON_ID,
    ActorName,
    ChannelId,
    Count,
    Day,
    DayOfMonth,
    Due,
    EndOfWindow,
    Key,
    KeyOrKeys,
    Length,
    LookBack,
    Materiality,
    Name,
    NameOrNames,
    PersonId,
    Phase,
    Repository,
    ServiceKey,
    SomeTime,
    SourcePattern,
    SubjectId,
    Text,
    TimeOfDay,
    TimeZone,
    Title,
    Truth,
    Version,
)
from models.risk_levels import LOW, RAISED, RaisedRisk, is_above
from models.time.days import Weekday
from models.time.spans import Span, parse_offset

OWNER = "owner"
"""The one role that every service fills."""

STANDARD_METHODS = ("rolling", "blue-green", "big bang", "phased", "manual")
"""ITIL's usual deployment methods, for a service whose policy names none."""

DEFAULT_NUMBERING = "{service}-{year}.{sequence:03d}"
"""``PAY-2026.014``, for a service that names no scheme."""


def is_group(subject: str) -> bool:
    """Whether a Slack id is that of a user group rather than a person."""
    return subject.startswith("S")


def is_person(subject: str) -> bool:
    """Whether it has the form of a person's Slack id."""
    return bool(PERSON_ID.fullmatch(subject))


class Part(BaseModel):
    """A part of the catalog; it takes no unknown fields and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def as_written(self) -> dict[str, Any]:
        """Plain data with the names that the file uses; fields without a value are left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Environment(Part):
    """Where releases are built, tested and run; it takes ``capacity`` bookings at a time."""

    key: Key
    name: Name
    manager: SubjectId | None = None
    capacity: Count = 1
    max_booking: SomeTime | None = None
    production: Truth = False

    @property
    def bookable(self) -> bool:
        """Production is not: services run there for the business all the time."""
        return not self.production


class ConfigurationItem(Part):
    """A managed part of a service; ``compatible_with`` has the range of versions for each item it depends on."""

    key: Key
    kind: Literal["hardware", "software", "documentation", "process"]
    name: Name
    version: Version
    compatible_with: Mapping[Key, str] = {}


class Window(Part):
    """When a service may be deployed: from one time of day to a later one, in the service's time zone."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    from_: TimeOfDay = Field(alias="from")
    to: EndOfWindow


class Freeze(Part):
    """Days on which a service is left alone: once, ``from`` and ``to`` included, or ``every`` week, month or year.

    ``days`` are weekdays for ``week``, days of the month for ``month`` and ``MM-DD`` for ``year``.
    """

    name: Name
    kind: Literal["hard", "soft"]
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    every: Literal["week", "month", "year"] | None = None
    days: tuple[DayOfMonth | str, ...] = ()


class ApprovalPolicy(Part):
    """When an undecided request is chased, escalated and expired (docs/process.md#waiting-requests)."""

    remind_after: SomeTime | None = None
    escalate_after: SomeTime | None = None
    escalate_to: Key | None = None
    expire_after: SomeTime | None = None
    one_rejection_stops: Truth = True


class Material(Part):
    """Whether a change of a field is material (docs/process.md#material-changes)."""

    title: Materiality = "unless_spelling"
    description: Materiality = "unless_spelling"
    type: Materiality = "always"
    changes: Materiality = "always"
    window: Materiality = "always"
    method: Materiality = "always"
    back_out_plan: Materiality = "always"
    package: Materiality = "always"


class AtMost(Part):
    """At most ``count`` releases of a type in any stretch of ``every``."""

    count: Count
    every: SomeTime


class LaterApprovalTerms(Part):
    """Approvals collected after an emergency deployment (docs/process.md#later-approvals)."""

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
        return parse_offset(self.due)


class RiskCondition(Part):
    """A release that is all of this: of one of the types, by one of the methods, with one of the items.

    ``changes`` is the least number of authorised changes. Of ``hours`` its window touches some.
    """

    type: KeyOrKeys = ()
    method: NameOrNames = ()
    items: KeyOrKeys = ()
    changes: Count | None = None
    hours: tuple[Window, ...] = ()


class RiskRule(Part):
    """The risk of a release is at least this ``when`` the condition holds."""

    when: RiskCondition
    is_: RaisedRisk = Field(alias="is")


class ReleaseType(Part):
    """What one type of release needs. ``notice`` is the lead time, in calendar days.

    ``approvals_from`` are the approvals that it needs at least from a risk on.
    """

    notice: Length = "0d"
    at_most: AtMost | None = None
    approvals: Mapping[Key, Count] = Field(min_length=1)
    approvals_from: Mapping[RaisedRisk, Annotated[Mapping[Key, Count], Field(min_length=1)]] = {}
    documents: tuple[Name, ...] = ()
    early_life_support: Length | None = None
    afterwards: LaterApprovalTerms | None = None
    plan: tuple[PlanItem, ...] | None = None

    def approvals_at(self, risk: str) -> Mapping[str, int]:
        """How many approvals of which roles it needs at ``risk``; of several numbers the highest counts."""
        needed = dict(self.approvals)
        for level in RAISED:
            for role, count in self.approvals_from.get(level, {}).items():
                if not is_above(level, risk or LOW):
                    needed[role] = max(count, needed.get(role, 0))
        return needed


class Policy(Part):
    """``sources`` are where builds may come from; none means anywhere. ``observe`` names rules on trial.

    ``override_by`` are the roles that override what is softly in the way of a deployment. ``risk`` are rules that
    raise the risk of a release. ``soft`` names rules that need a waiver here and are for information elsewhere.
    """

    deployment_methods: tuple[Name, ...] = ()
    windows: tuple[Window, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    approval: ApprovalPolicy = ApprovalPolicy()
    material: Material = Material()
    types: Mapping[Key, ReleaseType] = Field(min_length=1)
    plan: tuple[PlanItem, ...] = ()
    sources: tuple[SourcePattern, ...] = ()
    observe: tuple[Name, ...] = ()
    soft: tuple[Name, ...] = ()
    risk: tuple[RiskRule, ...] = ()
    override_by: tuple[Key, ...] = Field(default=("release_manager", OWNER), min_length=1)


class Criteria(Part):
    """What a release has to show before test, before deployment and before the handover."""

    entry: tuple[Text, ...] = ()
    exit: tuple[Text, ...] = ()
    early_life_support: tuple[Text, ...] = ()


class Deployments(Part):
    """Where deployments are reported from: ``repositories`` on GitHub or GitLab, ``applications`` of Argo CD.

    ``production`` are the names of environments that count as production.
    """

    repositories: tuple[Repository, ...] = ()
    applications: tuple[Name, ...] = ()
    production: tuple[Name, ...] = Field(default=("production", "prod"), min_length=1)


class Service(Part):
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
    _barred: frozenset[str] = PrivateAttr(default=frozenset())

    @property
    def barred(self) -> frozenset[str]:
        """As :attr:`Catalog.barred`."""
        return self._barred

    def without(self, barred: frozenset[str]) -> "Service":
        """As :meth:`Catalog.without`."""
        copy = self.model_copy()
        copy._barred = barred
        return copy

    def named(self, role: str) -> tuple[str, ...]:
        """The people and user groups that the catalog names, also those who hold no right any more."""
        return (self.owner,) if role == OWNER else self.roles.get(role, ())

    def holders(self, role: str) -> tuple[str, ...]:
        """People and user groups, without those who are barred."""
        return tuple(subject for subject in self.named(role) if subject not in self._barred)

    @cached_property
    def names_groups(self) -> bool:
        """Whether a user group holds a role, so that rights depend on its members."""
        return any(is_group(subject) for subject in self.subjects)

    @property
    def subjects(self) -> set[str]:
        """The people and user groups that the catalog names in any role, also those who are barred."""
        return {self.owner, *(subject for holders in self.roles.values() for subject in holders)}

    def roles_of(self, subjects: Collection[str]) -> frozenset[str]:
        """The roles held by any of ``subjects``: a person and their user groups."""
        if any(one in self._barred and not is_group(one) for one in subjects):
            return frozenset()
        return frozenset(role for role in (OWNER, *self.roles) if not set(subjects).isdisjoint(self.holders(role)))

    @cached_property
    def methods(self) -> tuple[str, ...]:
        return self.policy.deployment_methods or STANDARD_METHODS

    def plan_for(self, type_name: str) -> tuple[PlanItem, ...]:
        """The template for a type, whose own tasks replace the service's tasks of the same title."""
        own = self.policy.types[type_name].plan or ()
        titles = {item.title for item in own}
        return (*(item for item in self.policy.plan if item.title not in titles), *own)


class Digest(Part):
    """A daily digest, posted ``at`` a time of its own time zone; no ``services`` means all."""

    channel: ChannelId
    at: TimeOfDay
    days: tuple[Weekday, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), min_length=1)
    timezone: TimeZone | None = None
    period: LookBack = "30d"
    services: tuple[ServiceKey, ...] = ()


class Catalog(Part):
    """``revision`` counts the applied versions; 0 is the empty catalog before the first.

    ``guests`` are the guests, bots and people of other teams who may hold rights.
    ``actors`` are the people by the names that pipelines call them, such as ``github:ann``.
    """

    version: Literal[1] = 1
    timezone: TimeZone = "UTC"
    process_owner: SubjectId | None = None
    guests: tuple[PersonId, ...] = ()
    environments: tuple[Environment, ...] = ()
    services: tuple[Service, ...] = ()
    digests: tuple[Digest, ...] = ()
    actors: Mapping[ActorName, PersonId] = {}
    revision: int = Field(default=0, exclude=True)
    _barred: frozenset[str] = PrivateAttr(default=frozenset())

    @property
    def barred(self) -> frozenset[str]:
        """The people and user groups who hold no right, whatever is written (:mod:`models.membership.barred`)."""
        return self._barred

    def without(self, barred: frozenset[str]) -> "Catalog":
        """The same document, in which ``barred`` people and groups hold no role."""
        copy = self.model_copy(update={"services": tuple(service.without(barred) for service in self.services)})
        for remembered in ("by_key", "items_by_key"):  # a copy keeps what was computed for the services before
            copy.__dict__.pop(remembered, None)
        copy._barred = barred
        return copy

    def unless_barred(self, subject: str | None) -> str | None:
        """``subject``, or None if they hold no right any more."""
        return None if subject in self._barred else subject

    @cached_property
    def by_key(self) -> dict[str, Service]:
        return {service.key: service for service in self.services}

    @cached_property
    def items_by_key(self) -> dict[str, ConfigurationItem]:
        """The configuration items of all services; their keys are unique."""
        return {item.key: item for service in self.services for item in service.configuration_items}

    @cached_property
    def people_by_actor(self) -> dict[str, str]:
        """``actors`` with their names folded: tools disagree about case."""
        return {name.casefold(): person for name, person in self.actors.items()}

    def zone(self, service: Service | None = None) -> ZoneInfo:
        """The zone of ``service``, or the catalog's where it names none."""
        return ZoneInfo((service and service.timezone) or self.timezone)

    def service_name(self, key: str) -> str:
        """The name of the service, or its key once the catalog has dropped it."""
        service = self.by_key.get(key)
        return service.name if service else key

    def services_in(self, channel: str) -> list[Service]:
        """The services that have their channel there."""
        return [service for service in self.services if service.channel == channel]

    def in_channel(self, channel: str) -> Service | None:
        """The service of this channel; None where several share it."""
        services = self.services_in(channel)
        return services[0] if len(services) == 1 else None

    def environment(self, key: str) -> Environment | None:
        """None once the catalog has dropped it."""
        return next((environment for environment in self.environments if environment.key == key), None)

    @property
    def bookable_environments(self) -> tuple[Environment, ...]:
        return tuple(environment for environment in self.environments if environment.bookable)

    def environment_name(self, key: str) -> str:
        """The name of the environment, or its key once the catalog has dropped it."""
        environment = self.environment(key)
        return environment.name if environment else key

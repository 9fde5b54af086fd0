"""When a request that waits is chased, escalated and expires: the rules, without I/O (DOMAIN.md, approval rules).

Everything counts in working time where the person is who can still decide. Somebody is reminded once their own time
is over, and again on every working day; escalation and expiry wait until the time of all of them is over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import ApprovalPolicy
from models.time.spans import Span
from models.time.working_hours import same_time_later, working_after, working_span


@dataclass(frozen=True, slots=True)
class ChasesDue:
    """What is due at a moment, and when something is due next: never, when that is empty."""

    remind: tuple[str, ...] = ()
    escalate: bool = False
    expire: bool = False
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request that waits ``since`` a moment; reminders up to ``looked_at`` have been sent.

    ``zones`` are those of the people and groups who can still decide, ``zone`` the service's for nobody.
    """

    since: datetime
    looked_at: datetime
    escalated: bool
    zones: Mapping[str, ZoneInfo]
    zone: ZoneInfo


def earliest(since: datetime, policy: ApprovalPolicy) -> datetime | None:
    """Before when nothing can be due, wherever people are: working time is never shorter than time itself."""
    spans = [one for one in (policy.remind_after, policy.escalate_after, policy.expire_after) if one]
    return min((since + _least(working_span(one)) for one in spans), default=None)


def _least(span: Span) -> timedelta:
    # A day by the clock on the wall may be shorter than 24 hours where the clocks change.
    return max(span.rough - timedelta(hours=2) if span.days else span.rough, timedelta(0))


def chases_due(waiting: WaitingRequest, policy: ApprovalPolicy, now: datetime) -> ChasesDue:
    """What the policy wants done at ``now``. However long nobody looked, a person is reminded once."""
    expires = _when_all(waiting, policy.expire_after)
    if expires and expires <= now:
        return ChasesDue(expire=True)
    escalates = None if waiting.escalated else _when_all(waiting, policy.escalate_after)
    escalate = escalates is not None and escalates <= now
    remind, again = reminders(waiting, policy.remind_after, now)
    to_come = [again, expires, None if escalate else escalates]
    return ChasesDue(remind, escalate, next_at=min((one for one in to_come if one), default=None))


def reminders(waiting: WaitingRequest, after: str | None, now: datetime) -> tuple[tuple[str, ...], datetime | None]:
    """Who is reminded at ``now``, and when somebody is next."""
    if after is None:
        return (), None
    asked: list[str] = []
    coming: list[datetime] = []
    for one, zone in waiting.zones.items():
        at = working_after(waiting.since, working_span(after), zone)
        missed = False
        while at <= now:
            missed = missed or at > waiting.looked_at
            at = same_time_later(at, 1, zone)
        coming.append(at)
        if missed:
            asked.append(one)
    return tuple(asked), min(coming, default=None)


def _when_all(waiting: WaitingRequest, after: str | None) -> datetime | None:
    if after is None:
        return None
    zones: Iterable[ZoneInfo] = set(waiting.zones.values()) or {waiting.zone}
    span: Span = working_span(after)
    return max(working_after(waiting.since, span, zone) for zone in zones)

"""When a request that waits is chased, escalated and expires: docs/process.md#waiting-requests. No I/O.

Everything counts in working time, in the time zones of the people who can still decide. Each of them is reminded
once their own time is over, and again on every working day; escalation and expiry wait until it is over for all.
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
    """What is due at a moment; ``next_at`` is empty when nothing more will be."""

    remind: tuple[str, ...] = ()
    escalate: bool = False
    expire: bool = False
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """Reminders up to ``looked_at`` have been sent.

    ``zones`` are those of the people and groups who can still decide; ``zone``, the service's, counts for nobody.
    """

    since: datetime
    looked_at: datetime
    escalated: bool
    zones: Mapping[str, ZoneInfo]
    zone: ZoneInfo


def earliest_chase(since: datetime, policy: ApprovalPolicy) -> datetime | None:
    """Nothing can be due before, wherever people are: working time is never shorter than the time itself."""
    spans = [span for span in (policy.remind_after, policy.escalate_after, policy.expire_after) if span]
    return min((since + _least(working_span(span)) for span in spans), default=None)


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
    remind, again_at = reminders(waiting, policy.remind_after, now)
    to_come = [again_at, expires, None if escalate else escalates]
    return ChasesDue(remind, escalate, next_at=min((moment for moment in to_come if moment), default=None))


def reminders(waiting: WaitingRequest, after: str | None, now: datetime) -> tuple[tuple[str, ...], datetime | None]:
    """Who is reminded at ``now``, and when somebody is next."""
    if after is None:
        return (), None
    remind: list[str] = []
    to_come: list[datetime] = []
    for person, zone in waiting.zones.items():
        at = working_after(waiting.since, working_span(after), zone)
        missed = False
        while at <= now:
            missed = missed or at > waiting.looked_at
            at = same_time_later(at, 1, zone)
        to_come.append(at)
        if missed:
            remind.append(person)
    return tuple(remind), min(to_come, default=None)


def _when_all(waiting: WaitingRequest, after: str | None) -> datetime | None:
    if after is None:
        return None
    zones: Iterable[ZoneInfo] = set(waiting.zones.values()) or {waiting.zone}
    span: Span = working_span(after)
    return max(working_after(waiting.since, span, zone) for zone in zones)

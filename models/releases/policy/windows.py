"""Deployment windows: when a service may be deployed, on its own clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import Service, Window
from models.releases.policy.days import at, listed, say_moment, weekday
from models.releases.policy.facts import Facts, Surroundings
from models.releases.policy.findings import Finding, Kind

RULE = "windows"

Opening = tuple[datetime, datetime]


def windows(facts: Facts, _around: Surroundings) -> list[Finding]:
    """Whether all of the window lies in the service's deployment windows; an emergency need not."""
    if not facts.service.policy.windows or facts.start is None:
        return []
    if facts.emergency:
        sentence = f"Windows: a release of type {facts.type} may go out at any time."
        return [Finding(Kind.OK, RULE, sentence)]
    end = facts.end if facts.end is not None and facts.end > facts.start else None
    reached = _open_until(facts.service.policy.windows, facts.zone, facts.start, end)
    when = f"{facts.service.name} is deployed {say_windows(facts.service, facts.zone)}"
    if reached is None:
        return [Finding(Kind.HARD, RULE, f"{when}, not at {say_moment(facts.start, facts.zone)}.")]
    if end is not None and reached < end:
        sentence = f"{when}. This window begins within that and has to end by {say_moment(reached, facts.zone)}."
        return [Finding(Kind.HARD, RULE, sentence, field="window_end")]
    return [Finding(Kind.OK, RULE, f"Windows: {when}, and this is then.")]


def say_windows(service: Service, zone: ZoneInfo) -> str:
    """The windows as people read them: ``Mon, Tue and Wed 09:00-16:00 (Europe/Amsterdam)``."""
    each = (
        f"{listed(day.capitalize() for day in one.days)} {one.from_}-{one.to}" for one in service.policy.windows
    )
    return f"{'; '.join(each)} ({zone.key})"


def openings(policy: tuple[Window, ...], zone: ZoneInfo, day: date) -> list[Opening]:
    """When the windows of ``day`` are open, in UTC: those that overlap or touch are one."""
    found: list[Opening] = []
    for one in sorted(policy, key=lambda one: one.from_):
        if weekday(day) not in one.days:
            continue
        start, end = at(day, one.from_, zone), at(day, one.to, zone, latest=True)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def _open_until(
    policy: tuple[Window, ...], zone: ZoneInfo, start: datetime, end: datetime | None
) -> datetime | None:
    """Until when it stays open from ``start`` on, also across midnight; None when it is closed at ``start``."""
    start, end = start.astimezone(UTC), (end or start).astimezone(UTC)
    day = start.astimezone(zone).date()
    reached = next((until for begin, until in openings(policy, zone, day) if begin <= start < until), None)
    while reached is not None and reached < end:
        day += timedelta(days=1)
        following = openings(policy, zone, day)
        if not following or following[0][0] > reached:
            break
        reached = following[0][1]
    return reached

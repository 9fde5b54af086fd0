"""Which bookings fit where: pure rules on spans of time. A span includes its start and not its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.environments.statuses import WAITING

REMINDER = timedelta(hours=1)
"""Before the end of a booking."""

REMINDER_SHARE = 10
"""The holder of a booking shorter than ten hours is reminded in its last tenth."""

HOLD = timedelta(days=1)
"""How long an offered time is held by default."""

SHORTEST_HOLD = timedelta(hours=1)

USUAL = timedelta(hours=4)
"""How long a booking is that nobody has said anything about yet, and how long an extension."""


@dataclass(frozen=True, slots=True)
class Use:
    """A booking or a held time; ``id`` is the booking's."""

    id: int
    start: datetime
    end: datetime


def usual_span(now: datetime) -> tuple[datetime, datetime]:
    """What the form of a booking proposes: the usual time from the next full hour on."""
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return start, start + USUAL


def overlapping(uses: Iterable[Use], start: datetime, end: datetime) -> list[Use]:
    """The earliest first."""
    overlaps = [use for use in uses if use.start < end and start < use.end]
    return sorted(overlaps, key=lambda use: (use.start, use.id))


def fits(uses: Iterable[Use], start: datetime, end: datetime, capacity: int) -> bool:
    """Whether one more use has a place all the time from ``start`` to ``end``.

    The most crowded moments are those at which a use begins, so only these are looked at.
    """
    overlaps = overlapping(uses, start, end)
    moments = [start, *(use.start for use in overlaps if use.start > start)]
    return all(sum(use.start <= moment < use.end for use in overlaps) < capacity for moment in moments)


def next_free(uses: Sequence[Use], after: datetime, length: timedelta, capacity: int) -> datetime:
    """The first moment from ``after`` on at which a place is free for ``length``."""
    ends = sorted(use.end for use in uses if use.end > after)
    return next(moment for moment in (after, *ends) if fits(uses, moment, moment + length, capacity))


def first_served(waiting: Sequence[Use], uses: Sequence[Use], capacity: int, now: datetime) -> list[Use]:
    """The requests among ``waiting``, the oldest first, that get a place now.

    A request whose start has passed gets the rest of its time. A time held for a request isn't in its own way, and
    is free once the request has its place: then the search starts again with the oldest.
    """
    taken, left = list(uses), list(waiting)
    served: list[Use] = []
    while True:
        turn = next((one for one in left if _has_place(one, taken, capacity, now)), None)
        if turn is None:
            return served
        use = Use(turn.id, max(turn.start, now), turn.end)
        left.remove(turn)
        taken = [*_others(taken, turn), use]
        served.append(use)


def give_way(uses: Sequence[Use], start: datetime, end: datetime, capacity: int) -> list[Use]:
    """The uses that have to give way from ``start`` to ``end``: the latest to begin, and none that needn't."""
    left, leaving, needed = list(uses), [], []
    for use in reversed(overlapping(uses, start, end)):
        if not fits(left, start, end, capacity):
            left.remove(use)
            leaving.append(use)
    for use in leaving:
        if fits([*left, use], start, end, capacity):
            left.append(use)
        else:
            needed.append(use)
    return sorted(needed, key=lambda use: (use.start, use.id))


def shortened_to(use: Use, start: datetime, now: datetime) -> datetime | None:
    """When ``use`` ends if it gives way from ``start`` on; None if nothing is left of it."""
    end = max(start, now)
    return end if use.start < end else None


def remind_at(start: datetime, end: datetime) -> datetime:
    return end - min(REMINDER, (end - start) / REMINDER_SHARE)


def held_until(now: datetime, start: datetime, end: datetime) -> datetime:
    """Until when an offered time is held: for a day or until it begins, but at least an hour, so it can be read."""
    return min(end, max(now + SHORTEST_HOLD, min(now + HOLD, start)))


def held_time(
    status: str, start: datetime | None, end: datetime | None, until: datetime | None, now: datetime
) -> tuple[datetime, datetime] | None:
    """The offered time, while it is held: until somebody answers, the hold is over, or the time itself is."""
    if status != WAITING or start is None or end is None or until is None:
        return None
    return (start, end) if now < min(until, end) else None


def _has_place(one: Use, taken: Sequence[Use], capacity: int, now: datetime) -> bool:
    start = max(one.start, now)
    return start < one.end and fits(_others(taken, one), start, one.end, capacity)


def _others(uses: Sequence[Use], one: Use) -> list[Use]:
    return [use for use in uses if use.id != one.id]

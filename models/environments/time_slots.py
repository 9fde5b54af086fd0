"""Who fits where: pure rules on spans of time. A span begins at its start and is over at its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

REMINDER = timedelta(hours=1)
"""How long before the end a holder is reminded, at most."""

REMINDER_SHARE = 10
"""A reminder comes in the last tenth of a booking that is shorter than ten hours."""

HOLD = timedelta(days=1)
"""How long an offered time is held, where its manager says nothing else."""

SHORTEST_HOLD = timedelta(hours=1)

USUAL = timedelta(hours=4)
"""How long a booking is that nobody has said anything about yet, and how long an extension."""


@dataclass(frozen=True, slots=True)
class Use:
    """A booking, or a time that is held for a request, as far as the rules care; ``id`` names it."""

    id: int
    start: datetime
    end: datetime


def usual_span(now: datetime) -> tuple[datetime, datetime]:
    """What the form of a booking proposes: the usual time from the next full hour on."""
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return start, start + USUAL


def overlapping(uses: Iterable[Use], start: datetime, end: datetime) -> list[Use]:
    """The uses that have some of the time from ``start`` to ``end``, the earliest first."""
    found = [use for use in uses if use.start < end and start < use.end]
    return sorted(found, key=lambda use: (use.start, use.id))


def fits(uses: Iterable[Use], start: datetime, end: datetime, capacity: int) -> bool:
    """Whether one more has a place all the time from ``start`` to ``end``.

    There is none more crowded a moment than one at which somebody begins, so only those are looked at.
    """
    found = overlapping(uses, start, end)
    moments = [start, *(use.start for use in found if use.start > start)]
    return all(sum(use.start <= moment < use.end for use in found) < capacity for moment in moments)


def next_free(uses: Sequence[Use], after: datetime, length: timedelta, capacity: int) -> datetime:
    """The first moment from ``after`` on at which somebody may begin and stay for ``length``."""
    ends = sorted(use.end for use in uses if use.end > after)
    return next(moment for moment in (after, *ends) if fits(uses, moment, moment + length, capacity))


def first_served(waiting: Sequence[Use], uses: Sequence[Use], capacity: int, now: datetime) -> list[Use]:
    """Who of ``waiting`` (the oldest first) gets a place now, each in what the ones before leave.

    Somebody whose start has passed gets what is left of their time. What is held for a request is not in its own
    way, and is free again once the request has its place: then the oldest are asked again.
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
    """Who has to give way for the time from ``start`` to ``end``: the latest to begin, and none who need not."""
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
    """Where ``use`` ends when it gives way to somebody who begins at ``start``; None when nothing is left of it."""
    end = max(start, now)
    return end if use.start < end else None


def remind_at(start: datetime, end: datetime) -> datetime:
    """When the holder is reminded: an hour before the end, or after nine tenths of a short booking."""
    return end - min(REMINDER, (end - start) / REMINDER_SHARE)


def held_until(now: datetime, start: datetime, end: datetime) -> datetime:
    """Until when an offer of the time from ``start`` to ``end`` is held: a day, or until it begins.

    One that begins soon is held for an hour all the same, for somebody has to read it.
    """
    return min(end, max(now + SHORTEST_HOLD, min(now + HOLD, start)))


def _has_place(one: Use, taken: Sequence[Use], capacity: int, now: datetime) -> bool:
    start = max(one.start, now)
    return start < one.end and fits(_others(taken, one), start, one.end, capacity)


def _others(uses: Sequence[Use], one: Use) -> list[Use]:
    return [use for use in uses if use.id != one.id]

"""Slack's rates, kept by ourselves: a message a second a channel with short bursts, other methods by their tier.

A call that has to wait is given its turn at once, so that a long queue is not asked again and again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many calls may go at once after a pause, and how long one more has to wait."""

    burst: int
    refill: timedelta


POSTS = Allowance(4, timedelta(seconds=1.05))
"""For each channel: about a message a second (SLACK, *Rates*), with a margin for the way there."""

UPDATES = Allowance(25, timedelta(seconds=1.25))
"""For ``chat.update``: 50 and more a minute, counted for the whole workspace."""

VIEWS = Allowance(50, timedelta(seconds=0.65))
"""For ``views.publish``: 100 and more a minute."""

ENOUGH = 5
"""Turns that may be given ahead; more would only be written down again and again."""

_POST = "chat.postMessage "
_ALLOWANCES = {"chat.postMessage": POSTS, "chat.update": UPDATES, "views.publish": VIEWS}


class Pace:
    """Gives each call its turn; knows no time but what it is told."""

    def __init__(self) -> None:
        self._held: dict[str, datetime] = {}
        self._full_at: dict[str, datetime] = {}

    def turn(self, method: str, channel: str, now: datetime) -> datetime:
        """When the next call may be made, which is thereby taken; ``now`` or earlier means at once."""
        lane, allowance = _lane(method, channel), _ALLOWANCES[method]
        full_at = max(self._full_at.get(lane, now), now)
        self._full_at[lane] = full_at + allowance.refill
        return max(full_at - allowance.refill * (allowance.burst - 1), self.held_until(method, channel, now))

    def is_full(self, method: str, channel: str, now: datetime) -> bool:
        """Whether so many turns are given already that nothing more need be taken in hand."""
        lane, allowance = _lane(method, channel), _ALLOWANCES[method]
        waiting = self._full_at.get(lane, now) - allowance.refill * allowance.burst - now
        return waiting > allowance.refill * ENOUGH

    def full_channels(self, now: datetime) -> list[str]:
        """The channels to which no more messages need be taken in hand."""
        channels = [lane.removeprefix(_POST) for lane in self._full_at if lane.startswith(_POST)]
        return [channel for channel in channels if self.is_full("chat.postMessage", channel, now)]

    def held_until(self, method: str, channel: str, now: datetime) -> datetime:
        """Until when Slack wants no call; ``now`` when it said nothing."""
        return self._held.get(_lane(method, channel), now)

    def hold(self, method: str, channel: str, until: datetime) -> None:
        """Call no more before ``until``: Slack said so. What waits takes turns from then on."""
        lane, allowance = _lane(method, channel), _ALLOWANCES[method]
        self._held[lane] = until
        self._full_at[lane] = max(self._full_at.get(lane, until), until + allowance.refill * (allowance.burst - 1))


def _lane(method: str, channel: str) -> str:
    return f"{_POST}{channel}" if method == "chat.postMessage" else method

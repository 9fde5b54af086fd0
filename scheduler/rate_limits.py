"""Keeps Slack's rate limits: a message a second in each channel with short bursts, other methods by their tier.

A call that has to wait gets its turn at once, so that a long queue is not tried again and again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.destinations import POST, PUBLISH, UPDATE


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many calls may go at once after a pause, and how long each further one waits."""

    burst: int
    refill: timedelta


POSTS = Allowance(4, timedelta(seconds=1.05))
"""For each channel: about a message a second (docs/slack-facts.md), with a margin for the way there."""

UPDATES = Allowance(25, timedelta(seconds=1.25))
"""For ``chat.update``: at least 50 a minute, counted for the whole workspace."""

VIEWS = Allowance(50, timedelta(seconds=0.65))
"""For ``views.publish``: at least 100 a minute."""

TURNS_AHEAD = 5
"""Turns to give ahead: every row with a later one would be claimed and postponed again and again."""

_ALLOWANCES = {POST: POSTS, UPDATE: UPDATES, PUBLISH: VIEWS}


class RateLimits:
    """Gives each call its turn, by the moments that it is handed."""

    def __init__(self) -> None:
        self._held: dict[str, datetime] = {}
        self._full_at: dict[str, datetime] = {}
        self._turns: dict[str, datetime] = {}

    def turn(self, method: str, channel: str, now: datetime) -> datetime:
        """Take the next turn: when the call may be made, ``now`` or earlier for at once."""
        lane, allowance = _lane(method, channel), _ALLOWANCES[method]
        full_at = max(self._full_at.get(lane, now), now)
        self._full_at[lane] = full_at + allowance.refill
        return max(full_at - allowance.refill * (allowance.burst - 1), self.held_until(method, channel, now))

    def turn_of(self, key: str, method: str, channel: str, now: datetime) -> datetime:
        """The turn of the message ``key``, which keeps it until it has come, however often it is claimed before."""
        turn = self._turns.pop(key, None)
        if turn is None:
            turn = self.turn(method, channel, now)
        turn = max(turn, self.held_until(method, channel, now))
        if turn > now:
            self._turns[key] = turn
        return turn

    def is_full(self, method: str, channel: str, now: datetime) -> bool:
        """Whether so many turns are given that nothing more need be claimed."""
        lane, allowance = _lane(method, channel), _ALLOWANCES[method]
        waiting = self._full_at.get(lane, now) - allowance.refill * allowance.burst - now
        return waiting > allowance.refill * TURNS_AHEAD

    def full_channels(self, now: datetime) -> list[str]:
        """The channels for which no more posts need be claimed."""
        channels = [lane.removeprefix(f"{POST} ") for lane in self._full_at if lane.startswith(f"{POST} ")]
        return [channel for channel in channels if self.is_full(POST, channel, now)]

    def held_until(self, method: str, channel: str, now: datetime) -> datetime:
        """Until when Slack wants no call; ``now`` if it said nothing."""
        return self._held.get(_lane(method, channel), now)

    def hold(self, method: str, channel: str, until: datetime) -> None:
        """Make no call before ``until``: Slack said so. Turns continue from then on."""
        lane, allowance = _lane(method, channel), _ALLOWANCES[method]
        self._held[lane] = until
        self._full_at[lane] = max(self._full_at.get(lane, until), until + allowance.refill * (allowance.burst - 1))


def _lane(method: str, channel: str) -> str:
    """What Slack counts together: posts in one channel, other methods in the whole workspace."""
    return f"{POST} {channel}" if method == POST else method

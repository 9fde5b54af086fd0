"""Slack's rates: a message a second a channel with short bursts, and whatever ``Retry-After`` says."""

from datetime import datetime, timedelta

BURST = 4
"""Messages that may go to one channel at once after a pause."""

REFILL = timedelta(seconds=1.05)
"""How long one more message to a channel has to wait after a burst."""


class Pace:
    """Says when a method may next be called for a channel; knows no time but what it is told."""

    def __init__(self) -> None:
        self._held: dict[str, datetime] = {}
        self._full_at: dict[str, datetime] = {}

    def free_at(self, method: str, channel: str, now: datetime) -> datetime:
        """When the next call may be made; ``now`` or earlier means at once."""
        free = self._held.get(_lane(method, channel), now)
        if method == "chat.postMessage":
            free = max(free, self._full_at.get(channel, now) - REFILL * (BURST - 1))
        return free

    def spend(self, method: str, channel: str, now: datetime) -> None:
        """Note a call that is about to be made."""
        if method == "chat.postMessage":
            self._full_at[channel] = max(self._full_at.get(channel, now), now) + REFILL

    def hold(self, method: str, channel: str, until: datetime) -> None:
        """Call no more before ``until``: Slack said so."""
        self._held[_lane(method, channel)] = until


def _lane(method: str, channel: str) -> str:
    return f"{method} {channel}" if method == "chat.postMessage" else method

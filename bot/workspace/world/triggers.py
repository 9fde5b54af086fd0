"""Trigger ids: short-lived permissions to open a modal."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.workspace.world.errors import CallRefused

LIFETIME = timedelta(seconds=3)
"""How long Slack lets an app open a modal after a click."""

_REMEMBERED = timedelta(minutes=1)


@dataclass
class _Trigger:
    user: str
    given: datetime
    used: bool = False


class Triggers:
    """Each trigger id works once, for ``lifetime``."""

    def __init__(self, now: Callable[[], datetime], lifetime: timedelta = LIFETIME) -> None:
        self._now = now
        self.lifetime = lifetime
        self._given: dict[str, _Trigger] = {}
        self._numbers = itertools.count(1)

    def give(self, user: str) -> str:
        """For what ``user`` just did."""
        now = self._now()
        while self._given and now - next(iter(self._given.values())).given > _REMEMBERED:
            del self._given[next(iter(self._given))]
        trigger_id = f"{int(now.timestamp())}.{next(self._numbers)}.{secrets.token_hex(16)}"
        self._given[trigger_id] = _Trigger(user, now)
        return trigger_id

    def check(self, trigger_id: str) -> str:
        """Returns whose trigger it is. Raises CallRefused when it is unknown, used or too old."""
        trigger = self._given.get(trigger_id)
        if trigger is None:
            raise CallRefused("invalid_trigger_id")
        if trigger.used:
            raise CallRefused("exchanged_trigger_id")
        if self._now() - trigger.given > self.lifetime:
            raise CallRefused("expired_trigger_id")
        return trigger.user

    def use(self, trigger_id: str) -> None:
        self._given[trigger_id].used = True

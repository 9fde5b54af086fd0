"""Slack's rate limits, as token buckets."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.workspace.world.errors import RateLimited

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute that each tier allows for one method."""

POSTS_A_SECOND = 1.0
"""Messages a second in one channel, in the long run."""

POST_BURST = 5
"""Messages in one channel at once."""

POSTS_A_MINUTE = 300
"""Messages a minute in the whole workspace."""


@dataclass
class _TokenBucket:
    level: float
    filled: datetime


@dataclass
class RateLimits:
    """Counts calls and posts, and refuses those above the limits.

    ``multiplier`` widens every limit (10 allows ten times as much); None switches the limits off.
    """

    now: Callable[[], datetime]
    multiplier: float | None = 1.0
    _buckets: dict[str, _TokenBucket] = field(default_factory=dict)

    def call(self, method: str, tier: int) -> None:
        """Raises RateLimited."""
        self._take(method, per_second=TIERS[tier] / 60, burst=TIERS[tier])

    def post(self, channel: str) -> None:
        """Raises RateLimited."""
        self._take(f"post:{channel}", per_second=POSTS_A_SECOND, burst=POST_BURST)
        self._take("post", per_second=POSTS_A_MINUTE / 60, burst=POSTS_A_MINUTE)

    def _take(self, name: str, *, per_second: float, burst: float) -> None:
        if self.multiplier is None:
            return
        rate, most = per_second * self.multiplier, burst * self.multiplier
        now = self.now()
        bucket = self._buckets.setdefault(name, _TokenBucket(most, now))
        bucket.level = min(most, bucket.level + (now - bucket.filled).total_seconds() * rate)
        bucket.filled = now
        if bucket.level < 1:
            raise RateLimited(max(1, math.ceil((1 - bucket.level) / rate)))
        bucket.level -= 1

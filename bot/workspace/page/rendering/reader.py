"""Through whose eyes something is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Reader:
    """The person at the screen, and the names of everything that text may mention.

    `now` is an aware moment from the workspace's clock. `people` and `channels` map ids to the names shown, `groups`
    maps ids of user groups to their handles. `base` is where this person's pages begin.
    """

    person: str
    zone: ZoneInfo
    now: datetime
    people: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    def local(self, moment: datetime) -> datetime:
        """The moment as this person's clock on the wall shows it."""
        return moment.astimezone(self.zone)

"""Through whose eyes something is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

Choice = tuple[str, str]
"""An id and the name shown for it."""


@dataclass(frozen=True)
class Reader:
    """The person at the screen, and the names of everything that text may mention.

    `now` is an aware moment from the workspace's clock. `people` and `channels` map ids to the names shown,
    `groups` maps ids of user groups to their handles. `base` is where this person's pages begin. `colleagues`,
    `open_channels` and `conversations` are what the selects of people, channels and conversations offer.
    """

    person: str
    zone: ZoneInfo
    now: datetime
    people: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    colleagues: Sequence[Choice] = ()
    open_channels: Sequence[Choice] = ()
    conversations: Sequence[Choice] = ()

    def local(self, moment: datetime) -> datetime:
        """The moment as this person's clock on the wall shows it."""
        return moment.astimezone(self.zone)

"""The person for whom something is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

Choice = tuple[str, str]
"""An id and the name shown for it."""


@dataclass(frozen=True)
class Reader:
    """The person at the screen, and the names that text may mention.

    `now` is the workspace's time, aware. `people` and `channels` map ids to names, `groups` ids of user groups to
    handles. `base` is the address that this person's pages begin with. `colleagues`, `open_channels` and
    `conversations` are the options of selects of people, channels and conversations.
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
        return moment.astimezone(self.zone)

"""What is in the workspace, and who sees what of it."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock
from bot.workspace.world.errors import ActRefused
from bot.workspace.world.faults import Faults
from bot.workspace.world.page_updates import PageUpdate, PageUpdates, UpdateStream
from bot.workspace.world.records import Channel, Group, Message, Person, View
from bot.workspace.world.traffic import Traffic

_BEFORE_ALL = "0000000000.000000"


class Store:
    """People, groups, channels, messages and views.

    ``modals`` holds each person's stack of modals, the visible one last; ``homes`` each person's Home.
    """

    def __init__(self, app: App, clock: MovableClock | None = None) -> None:
        self.app = app
        self.clock = clock or MovableClock()
        self.clock.on_move(lambda _: self.tell(PageUpdate("clock")))
        self.team_id, self.team_name, self.team_domain = "T0LOCAL", "Local", "local"
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.modals: dict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}
        self.traffic = Traffic()
        self.faults = Faults(changed=lambda: self.tell(PageUpdate("faults")))
        self.base_url = "http://127.0.0.1"
        self._page_updates = PageUpdates()
        self._messages: dict[str, dict[str, Message]] = defaultdict(dict)
        self._replies: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._read: dict[tuple[str, str], str] = {}
        self._last_ts = 0
        self._numbers = itertools.count(1)
        self.people[app.bot_user] = Person(
            id=app.bot_user, name=app.bot_name, real_name=app.name, is_bot=True, bot_id=app.bot_id
        )

    # --- people, groups, channels

    def person(self, who: str) -> Person:
        """The person with this id or name. Raises KeyError."""
        found = self.people.get(who) or next((one for one in self.people.values() if one.name == who), None)
        if found is None:
            raise KeyError(f"there is nobody called {who!r}")
        return found

    def group(self, which: str) -> Group:
        """The user group with this id or handle. Raises KeyError."""
        found = self.groups.get(which) or next((one for one in self.groups.values() if one.handle == which), None)
        if found is None:
            raise KeyError(f"there is no group {which!r}")
        return found

    def humans(self) -> list[Person]:
        """Everybody that one can act as, by name."""
        people = (one for one in self.people.values() if not one.is_bot and not one.deleted)
        return sorted(people, key=lambda one: one.real_name)

    def channel(self, which: str) -> Channel:
        """The channel with this id or name (with or without #). Raises KeyError."""
        name = which.removeprefix("#")
        found = self.channels.get(which) or next(
            (one for one in self.channels.values() if one.name == name and one.kind != "im"), None
        )
        if found is None:
            raise KeyError(f"there is no channel {which!r}")
        return found

    def channels_of(self, reader: str) -> list[Channel]:
        """The channels that ``reader`` is in, by name, then their direct conversations."""
        mine = [one for one in self.channels.values() if reader in one.members and not one.archived]
        return sorted(mine, key=lambda one: (one.kind == "im", one.name, one.id))

    def can_read(self, reader: str, channel: str) -> bool:
        where = self.channels.get(channel)
        return where is not None and (where.kind == "channel" or reader in where.members)

    def direct(self, one: str, other: str) -> Channel:
        """The direct conversation of two people; opens it if there is none."""
        pair = sorted({one, other})
        for channel in self.channels.values():
            if channel.kind == "im" and sorted(set(channel.members)) == pair:
                return channel
        channel = Channel(f"D{next(self._numbers):09d}", "", "im", pair, created=self.unix())
        self.channels[channel.id] = channel
        self.tell(PageUpdate("channel", channel.id))
        return channel

    def sees(self, reader: str, message: Message) -> bool:
        """False also for a deleted message."""
        return self.can_read(reader, message.channel) and _visible(message, reader)

    # --- messages

    def unix(self) -> int:
        """The workspace's time in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def next_ts(self) -> str:
        """A timestamp in Slack's form, later than every one before."""
        micros = max(int(self.clock.now().timestamp() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000:010d}.{micros % 1_000_000:06d}"

    def add(self, message: Message) -> Message:
        self._messages[message.channel][message.ts] = message
        if message.is_reply and message.thread_ts:
            self._replies[message.channel, message.thread_ts].append(message.ts)
        self.tell_message(message)
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        message = self._messages.get(channel, {}).get(ts)
        return None if message is None or message.deleted else message

    def delete(self, message: Message) -> None:
        """Its replies stay."""
        message.deleted = True
        self.tell_message(message)

    def messages_in(self, channel: str, reader: str) -> list[Message]:
        """What ``reader`` sees in ``channel``, oldest first; of replies, those also sent to the channel."""
        if not self.can_read(reader, channel):
            return []
        found = self._messages.get(channel, {}).values()
        return [one for one in found if (not one.is_reply or one.broadcast) and _visible(one, reader)]

    def thread(self, channel: str, ts: str, reader: str) -> list[Message]:
        """The message ``ts``, unless it was deleted, and its replies, oldest first."""
        if not self.can_read(reader, channel):
            return []
        all_here = self._messages.get(channel, {})
        chain = (all_here.get(one) for one in [ts, *self._replies.get((channel, ts), ())])
        return [one for one in chain if one is not None and _visible(one, reader)]

    def replies(self, channel: str, ts: str) -> list[Message]:
        """The replies below ``ts`` that everybody sees."""
        return [one for one in self.thread(channel, ts, self.app.bot_user) if one.ts != ts and not one.ephemeral_to]

    def everything_in(self, channel: str) -> list[Message]:
        """Every message of ``channel`` that was not deleted, ephemeral ones and replies too, oldest first."""
        return [one for one in self._messages.get(channel, {}).values() if not one.deleted]

    def unread(self, reader: str, channel: str) -> int:
        """How many messages ``reader`` has not seen in ``channel``; their own don't count."""
        mark, count = self._read.get((reader, channel), _BEFORE_ALL), 0
        for message in reversed(self._messages.get(channel, {}).values()):
            if message.ts <= mark:
                break
            top = not message.is_reply or message.broadcast
            count += top and message.user != reader and _visible(message, reader)
        return count

    def mark_read(self, reader: str, channel: str) -> None:
        newest = next(reversed(self._messages.get(channel, {})), _BEFORE_ALL)
        if self._read.get((reader, channel), _BEFORE_ALL) < newest:
            self._read[reader, channel] = newest
            self.tell(PageUpdate("read", channel, person=reader))

    # --- views

    def new_id(self, letter: str) -> str:
        return f"{letter}{next(self._numbers):010d}"

    def modal(self, reader: str) -> View | None:
        """The visible modal, the last of the stack."""
        stack = self.modals.get(reader)
        return stack[-1] if stack else None

    def view(self, view_id: str) -> View | None:
        """The open modal or Home with this id."""
        open_views = itertools.chain(itertools.chain.from_iterable(self.modals.values()), self.homes.values())
        return next((one for one in open_views if one.id == view_id), None)

    def home(self, reader: str) -> View | None:
        return self.homes.get(reader)

    # --- open pages

    def subscribe(self) -> UpdateStream:
        return self._page_updates.subscribe()

    def tell(self, update: PageUpdate) -> None:
        self._page_updates.tell(update)

    def tell_message(self, message: Message) -> None:
        self.tell(PageUpdate("message", message.channel, message.ts, person=message.ephemeral_to))

    def tell_view(self, view: View) -> None:
        """Call it when a view opened, changed or closed."""
        self.tell(PageUpdate(view.kind if view.kind == "home" else "view", person=view.user, view_id=view.id))

    # --- changes from outside

    def change_person(self, who: str, **fields: Any) -> Person:
        """Raises KeyError for an unknown person, ActRefused for an unknown field."""
        person = self.person(who)
        try:
            self.people[person.id] = replace(person, **fields)
        except TypeError:
            raise ActRefused(f"a person has no such field among {', '.join(fields)}") from None
        self.tell(PageUpdate("people", person=person.id))
        return self.people[person.id]

    def change_group(self, which: str, members: Iterable[str]) -> Group:
        """``members`` are names or ids. Raises KeyError for an unknown group or person."""
        group = self.group(which)
        group.members = [self.person(one).id for one in members]
        self.tell(PageUpdate("people"))
        return group


def _visible(message: Message, reader: str) -> bool:
    return not message.deleted and message.ephemeral_to in (None, reader)

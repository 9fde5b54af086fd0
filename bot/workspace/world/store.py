"""What is in the workspace and who sees what of it."""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock
from bot.workspace.world.errors import ActRefused
from bot.workspace.world.faults import Faults
from bot.workspace.world.page_updates import Notices, Subscription
from bot.workspace.world.records import Change, Channel, Group, Message, Person, View
from bot.workspace.world.traffic import Traffic

STACK_DEPTH = 3
"""Modals that may lie on top of each other."""

_UNSENT = "0000000000.000000"


class Store:
    """People, groups, channels, messages and views, with the questions that pages and the Web API ask.

    ``modals`` holds each person's stack of modals, the visible one last; ``homes`` each person's Home.
    """

    def __init__(self, app: App, clock: MovableClock | None = None) -> None:
        self.app = app
        self.clock = clock or MovableClock()
        self.clock.on_move(lambda _: self.tell(Change("clock")))
        self.team_id, self.team_name, self.team_domain = "T0LOCAL", "Local", "local"
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.modals: dict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}
        self.traffic = Traffic()
        self.faults = Faults(changed=lambda: self.tell(Change("faults")))
        self.base_url = "http://127.0.0.1"
        self._notices = Notices()
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

    def humans(self) -> list[Person]:
        """Everybody whom one can act as, by name."""
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
        """Whether ``reader`` may see what is in ``channel``."""
        where = self.channels.get(channel)
        return where is not None and (where.kind == "channel" or reader in where.members)

    def direct(self, one: str, other: str) -> Channel:
        """The direct conversation of two people, opened if need be."""
        pair = sorted({one, other})
        for channel in self.channels.values():
            if channel.kind == "im" and sorted(set(channel.members)) == pair:
                return channel
        channel = Channel(f"D{next(self._numbers):09d}", "", "im", pair, created=self.unix())
        self.channels[channel.id] = channel
        self.tell(Change("channel", channel.id))
        return channel

    def sees(self, reader: str, message: Message) -> bool:
        """Whether ``message`` still stands and ``reader`` may see it."""
        return self.can_read(reader, message.channel) and _visible(message, reader)

    # --- messages

    def unix(self) -> int:
        """The workspace's moment in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def next_ts(self) -> str:
        """A timestamp in Slack's form that is later than every other one."""
        micros = max(int(self.clock.now().timestamp() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000:010d}.{micros % 1_000_000:06d}"

    def add(self, message: Message) -> Message:
        """Put a new message where it belongs."""
        self._messages[message.channel][message.ts] = message
        if message.is_reply and message.thread_ts:
            self._replies[message.channel, message.thread_ts].append(message.ts)
        self.tell_message(message)
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """The message, unless it was deleted or never was."""
        message = self._messages.get(channel, {}).get(ts)
        return None if message is None or message.deleted else message

    def delete(self, message: Message) -> None:
        """Delete it; its replies stay."""
        message.deleted = True
        self.tell_message(message)

    def messages_in(self, channel: str, reader: str) -> list[Message]:
        """What ``reader`` sees in ``channel``, oldest first: no thread replies, but those also sent to it."""
        if not self.can_read(reader, channel):
            return []
        found = self._messages.get(channel, {}).values()
        return [one for one in found if (not one.is_reply or one.broadcast) and _visible(one, reader)]

    def thread(self, channel: str, ts: str, reader: str) -> list[Message]:
        """The message ``ts``, if it still stands, and its replies, oldest first."""
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
        mark, count = self._read.get((reader, channel), _UNSENT), 0
        for message in reversed(self._messages.get(channel, {}).values()):
            if message.ts <= mark:
                break
            top = not message.is_reply or message.broadcast
            count += top and message.user != reader and _visible(message, reader)
        return count

    def mark_read(self, reader: str, channel: str) -> None:
        """Note that ``reader`` has seen everything in ``channel``."""
        newest = next(reversed(self._messages.get(channel, {})), _UNSENT)
        if self._read.get((reader, channel), _UNSENT) < newest:
            self._read[reader, channel] = newest
            self.tell(Change("read", channel, person=reader))

    # --- views

    def new_id(self, letter: str) -> str:
        """A fresh id in Slack's form."""
        return f"{letter}{next(self._numbers):010d}"

    def modal(self, reader: str) -> View | None:
        """The modal that ``reader`` sees, if one is open."""
        stack = self.modals.get(reader)
        return stack[-1] if stack else None

    def view(self, view_id: str) -> View | None:
        """The open modal or Home with this id."""
        open_views = itertools.chain(itertools.chain.from_iterable(self.modals.values()), self.homes.values())
        return next((one for one in open_views if one.id == view_id), None)

    def home(self, reader: str) -> View | None:
        """What the app put on ``reader``'s Home."""
        return self.homes.get(reader)

    # --- notices

    def subscribe(self) -> Subscription:
        """Notices of what changes from now on."""
        return self._notices.subscribe()

    def tell(self, change: Change) -> None:
        """Tell every subscriber."""
        self._notices.tell(change)

    def tell_message(self, message: Message) -> None:
        """Tell every subscriber that a message came or changed."""
        self.tell(Change("message", message.channel, message.ts, person=message.ephemeral_to))

    def tell_view(self, view: View) -> None:
        """Tell every subscriber that a view opened, changed or closed."""
        self.tell(Change(view.kind if view.kind == "home" else "view", person=view.user, view_id=view.id))

    # --- what the desk of the workspace changes

    def change_person(self, who: str, **fields: Any) -> Person:
        """Give a person other fields. Raises KeyError for nobody, ActRefused for what a person does not have."""
        person = self.person(who)
        try:
            self.people[person.id] = replace(person, **fields)
        except TypeError:
            raise ActRefused(f"a person has no such field among {', '.join(fields)}") from None
        self.tell(Change("people", person=person.id))
        return self.people[person.id]

    def change_group(self, which: str, members: Iterable[str]) -> Group:
        """Give a user group other members (names or ids). Raises KeyError for nobody or no group."""
        group = self.groups.get(which) or next((one for one in self.groups.values() if one.handle == which), None)
        if group is None:
            raise KeyError(f"there is no group {which!r}")
        group.members = [self.person(one).id for one in members]
        self.tell(Change("people"))
        return group


def _visible(message: Message, reader: str) -> bool:
    return not message.deleted and message.ephemeral_to in (None, reader)

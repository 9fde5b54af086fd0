"""Everything that one page shows one person, for the templates."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Literal
from urllib.parse import urlencode

from markupsafe import Markup

from bot.workspace.page.rendering.blocks import blocks
from bot.workspace.page.rendering.dates import ago, clock_time, day_title, full_title
from bot.workspace.page.rendering.emoji import character
from bot.workspace.page.rendering.html import lines
from bot.workspace.page.rendering.mrkdwn import label_of, mrkdwn
from bot.workspace.page.rendering.reader import Choice, Reader
from bot.workspace.page.rendering.surface import Surface
from bot.workspace.page.template_data import Face, MessageRow, Reaction, SidebarLine, continues, day_of, sent_at
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import Shortcut
from bot.workspace.world.records import Channel, Message, Person, View

HUES = 8
SHOWN_AT_FIRST = 60
HOME, TRAFFIC = "home", "traffic"


class Screen:
    """`place` is a channel's id, `home` or `traffic`; `thread` the thread that is open beside it.

    `shown` is how many messages of the conversation are drawn, `entry` which entry of the traffic is open.
    """

    def __init__(
        self,
        workspace: Workspace,
        person: Person,
        place: str,
        thread: str | None = None,
        shown: int = SHOWN_AT_FIRST,
        entry: int | None = None,
    ) -> None:
        self.workspace = workspace
        self.person = person
        self.place = place
        self.thread_ts = thread
        self.shown = shown
        self.entry = workspace.traffic.find(entry) if entry is not None else None
        self.app = workspace.app

    # --- addresses

    @property
    def base(self) -> str:
        """The address that this person's pages begin with."""
        return f"/as/{self.person.id}"

    def at(self, place: str) -> str:
        return f"{self.base}/{place}"

    def part(self, name: str) -> str:
        """The address from which one part of this page is redrawn."""
        query: dict[str, str | int] = {"shown": self.shown}
        if self.thread_ts:
            query["thread"] = self.thread_ts
        if self.entry:
            query["entry"] = self.entry.id
        return f"{self.base}/{self.place}/part/{name}?{urlencode(query)}"

    def control_addresses(self, where: str) -> tuple[str, str]:
        return f"{self.base}/act/{where}", f"{self.base}/suggest/{where}"

    # --- people and names

    @property
    def now(self) -> datetime:
        return self.workspace.clock.now()

    @cached_property
    def reader(self) -> Reader:
        people = self.workspace.people.values()
        channels = [
            one for one in self.workspace.channels.values() if self.workspace.can_read(self.person.id, one.id)
        ]
        named: list[Choice] = [(one.id, one.name) for one in channels if one.kind != "im"]
        direct: list[Choice] = [(one.id, self.channel_name(one)) for one in channels if one.kind == "im"]
        return Reader(
            person=self.person.id,
            zone=self.person.zone,
            now=self.now,
            people={one.id: one.real_name or one.name for one in people},
            groups={one.id: one.handle for one in self.workspace.groups.values()},
            channels=dict(named),
            base=self.base,
            colleagues=[(one.id, one.real_name) for one in self.workspace.humans()],
            open_channels=[(one.id, f"#{one.name}") for one in channels if one.kind == "channel"],
            conversations=[(key, f"#{name}") for key, name in named] + direct,
        )

    def face(self, who: str, name: str = "") -> Face:
        """An unknown person's name is their id."""
        person = self.workspace.people.get(who)
        shown = name or (person.real_name or person.name if person else who)
        words = shown.split() or ["?"]
        initials = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
        standing = person.standing if person else ""
        return Face(who, shown, initials, self._hues.get(who, 0), bool(person and person.is_bot), standing)

    @cached_property
    def _hues(self) -> dict[str, int]:
        """Assigned in turn, so that neighbours differ."""
        return {who: number % HUES for number, who in enumerate(self.workspace.people)}

    @property
    def me(self) -> Face:
        return self.face(self.person.id)

    @property
    def everybody(self) -> list[Face]:
        return [self.face(one.id) for one in self.workspace.humans()]

    # --- the sidebar

    @cached_property
    def channel(self) -> Channel | None:
        return self.workspace.channels.get(self.place)

    def channel_name(self, channel: Channel) -> str:
        """For a direct conversation, the other person's name."""
        return self.face(channel.other(self.person.id)).name if channel.kind == "im" else channel.name

    @property
    def app_channel(self) -> Channel | None:
        """The direct conversation with the app, once there is one."""
        return self._direct_with(self.app.bot_user)

    def _direct_with(self, other: str) -> Channel | None:
        wanted = {self.person.id, other}
        mine = self.workspace.channels_of(self.person.id)
        return next((one for one in mine if one.kind == "im" and set(one.members) == wanted), None)

    @property
    def with_app(self) -> bool:
        """Whether this is the app's Home or the conversation with it."""
        direct = self.app_channel
        return self.place == HOME or (direct is not None and direct.id == self.place)

    @property
    def channels(self) -> list[SidebarLine]:
        return [
            SidebarLine(
                self.at(one.id),
                one.name,
                self.workspace.unread(self.person.id, one.id),
                one.id == self.place,
                "private" if one.kind == "private" else "channel",
            )
            for one in self.workspace.channels_of(self.person.id)
            if one.kind != "im"
        ]

    @property
    def direct(self) -> list[SidebarLine]:
        """Everybody else; a click opens a conversation that does not exist yet."""
        return [self._direct_line(one) for one in self.workspace.humans() if one.id != self.person.id]

    def _direct_line(self, other: Person) -> SidebarLine:
        channel = self._direct_with(other.id)
        address = self.at(channel.id) if channel else self.at(f"with/{other.id}")
        unread = self.workspace.unread(self.person.id, channel.id) if channel else 0
        current = channel is not None and channel.id == self.place
        return SidebarLine(address, other.real_name, unread, current, "person", self.face(other.id))

    @property
    def app_line(self) -> SidebarLine:
        channel = self.app_channel
        unread = self.workspace.unread(self.person.id, channel.id) if channel else 0
        to_messages = unread or not self.app.home_tab
        address = self.at(HOME) if not to_messages else self.messages_address
        return SidebarLine(address, self.app.name, unread, self.with_app, "app", self.face(self.app.bot_user))

    @property
    def messages_address(self) -> str:
        """The app's Messages tab."""
        return self.at(self.app_channel.id if self.app_channel else f"with/{self.app.bot_user}")

    # --- conversations

    @property
    def earlier(self) -> int:
        """How many messages are above those shown."""
        return max(0, len(self._messages) - self.shown)

    @cached_property
    def _messages(self) -> list[Message]:
        return self.workspace.messages_in(self.place, self.person.id)

    @property
    def rows(self) -> Iterator[MessageRow]:
        return self._rows(self._messages[-self.shown :])

    @cached_property
    def thread(self) -> list[MessageRow]:
        """The parent and its replies."""
        if self.thread_ts is None:
            return []
        found = self.workspace.thread(self.place, self.thread_ts, self.person.id)
        return list(self._rows(found, with_days=False))

    def _rows(self, messages: list[Message], *, with_days: bool = True) -> Iterator[MessageRow]:
        before: Message | None = None
        for message in messages:
            yield self._row(message, before, with_days)
            before = message

    def _row(self, message: Message, before: Message | None, with_days: bool) -> MessageRow:
        moment, reader = sent_at(message.ts), self.reader
        new_day = before is None or day_of(before, reader) != day_of(message, reader)
        replies = [] if message.is_reply else self.workspace.replies(message.channel, message.ts)
        return MessageRow(
            message=message,
            face=self.face(message.user, message.username or ""),
            body=self.body(message),
            moment=moment,
            time=clock_time(moment, reader),
            title=full_title(moment, reader),
            day=day_title(moment, reader) if with_days and new_day else None,
            compact=not new_day and before is not None and continues(before, message),
            replies=len(replies),
            last_reply=ago(sent_at(replies[-1].ts), self.now) if replies else "",
            repliers=[self.face(who) for who in list(dict.fromkeys(one.user for one in replies))[:3]],
            reactions=[self._reaction(name, who) for name, who in message.reactions.items() if who],
        )

    def _reaction(self, name: str, who: list[str]) -> Reaction:
        names = ", ".join(self.face(one).name for one in who)
        return Reaction(
            character(name) or f":{name}:", len(who), f"{names} reacted with :{name}:", self.person.id in who
        )

    def body(self, message: Message) -> Markup:
        """The blocks, or the text of a message without any."""
        if not message.blocks:
            return mrkdwn(message.text, self.reader) if message.mrkdwn else lines(message.text)
        act, suggest = self.control_addresses(f"message/{message.channel}/{message.ts}")
        pane = "t" if self.thread_ts else "c"
        key = f"{pane}-{message.channel}-{message.ts.replace('.', '-')}"
        values = message.values_of(self.person.id)
        return blocks(message.blocks, Surface("message", key, act, suggest, values), self.reader)

    # --- views

    @property
    def modal(self) -> View | None:
        return self.workspace.modal(self.person.id)

    @property
    def home(self) -> View | None:
        return self.workspace.home(self.person.id)

    def view_blocks(self, view: View) -> Markup:
        """With what was entered, and the errors."""
        act, suggest = self.control_addresses(f"view/{view.id}")
        kind: Literal["modal", "home"] = view.kind
        surface = Surface(kind, f"v-{view.id}", act, suggest, view.values, view.errors)
        return blocks(view.blocks, surface, self.reader)

    def words(self, text: dict[str, object] | None, otherwise: str) -> str:
        return label_of(text) or otherwise

    # --- shortcuts

    @property
    def global_shortcuts(self) -> list[Shortcut]:
        return [one for one in self.app.shortcuts if one.kind == "global"]

    @property
    def message_shortcuts(self) -> list[Shortcut]:
        return [one for one in self.app.shortcuts if one.kind == "message"]

    # --- the clock

    @property
    def clock_face(self) -> str:
        """In this person's zone."""
        local = self.reader.local(self.now)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"

"""The workspace: what is in it, and what its people do.

Every act of a person is a real delivery to the app, by Socket Mode or signed HTTP. Acts return what the app
acknowledged with (an empty dict for a bare acknowledgement); they raise
:class:`~bot.workspace.world.errors.DeliveryFailed` when the app did not answer in time (``code`` is what Slack
would show) and :class:`~bot.workspace.world.errors.ActRefused` when Slack's own client would not let the person
do it.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import yaml

from bot.workspace.people import clicks, membership, modals
from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock
from bot.workspace.world.delivery.deliveries import PATIENCE, RETRY_AFTER, Deliveries
from bot.workspace.world.rate_limits import Rates
from bot.workspace.world.records import (
    Change,
    Channel,
    ChannelKind,
    Group,
    Json,
    Message,
    Person,
    Values,
    View,
    ViewKind,
)
from bot.workspace.world.response_urls import ResponseUrls
from bot.workspace.world.seed import fill
from bot.workspace.world.store import Store
from bot.workspace.world.triggers import Triggers

__all__ = [
    "Change",
    "Channel",
    "ChannelKind",
    "Group",
    "Json",
    "Message",
    "Person",
    "Values",
    "View",
    "ViewKind",
    "Workspace",
]

Where = Message | View | str | tuple[str, str]
"""What is clicked in: a message or view, a view's id, or a message's channel and timestamp."""


class Workspace(Store):
    """A Slack workspace with one app in it."""

    def __init__(
        self,
        app: App,
        clock: MovableClock | None = None,
        *,
        patience: float = PATIENCE,
        retry_after: tuple[float, ...] = RETRY_AFTER,
        rate_multiplier: float | None = 1.0,
    ) -> None:
        """A workspace of nobody but ``app``.

        ``patience`` is how many seconds the app has to acknowledge, ``retry_after`` the pauses before redeliveries,
        ``rate_multiplier`` widens Slack's rate limits (None: no limits).
        """
        super().__init__(app, clock)
        self.rates = Rates(self.clock.now, rate_multiplier)
        self.deliveries = Deliveries(self, patience, retry_after)
        self.triggers = Triggers(self.clock.now)
        self.response_urls = ResponseUrls(self)
        self.offers: dict[str, dict[str, list[Json]]] = {}
        self.calls_under_way = 0
        self.calls = 0

    @classmethod
    def from_dict(cls, description: Json, app: App, clock: MovableClock | None = None, **options: Any) -> Self:
        """A workspace filled from ``description`` (see :func:`bot.workspace.world.seed.fill`)."""
        workspace = cls(app, clock, **options)
        fill(workspace, description)
        return workspace

    @classmethod
    def from_file(cls, path: Path, app: App, clock: MovableClock | None = None, **options: Any) -> Self:
        """A workspace filled from a YAML file of the same form."""
        return cls.from_dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {}, app, clock, **options)

    # --- what people do

    async def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message; the app hears of it if it subscribes to such messages. Returns the message."""
        return await clicks.say(self, user, channel, text, thread_ts)

    async def command(self, user: str, channel: str, line: str) -> Json:
        """Type a slash command ("/deploy now") into a channel."""
        return await clicks.command(self, user, channel, line)

    async def click(
        self, user: str, where: Where, block_id: str | None, action_id: str, value: Any = None, state: Any = None
    ) -> Json:
        """Use an element of a message, modal or Home.

        ``value`` is what is chosen or entered (see :func:`bot.workspace.world.element_values.entry`); a button needs none.
        ``state`` is what else is entered in the view, as for :meth:`submit`.
        """
        return await clicks.click(self, user, where, block_id, action_id, value, state)

    async def suggest(
        self, user: str, where: Where, block_id: str | None, action_id: str, typed: str
    ) -> list[Json]:
        """Type into an external select; returns the options that the app offers (groups unfolded)."""
        return await clicks.suggest(self, user, where, block_id, action_id, typed)

    async def submit(self, user: str, view_id: str, values: Mapping[str, Any]) -> Json:
        """Submit a modal.

        ``values`` gives what is entered by block_id or by the input's label: the value itself, or by action_id.
        Inputs that are not named keep what they hold. What Slack's client would complain about is put into the
        view's ``errors`` and returned as ``{"response_action": "errors", ...}`` without troubling the app.
        """
        return await modals.submit(self, user, view_id, values)

    async def close(self, user: str, view_id: str) -> Json:
        """Close a modal without submitting it."""
        return await modals.close(self, user, view_id)

    async def open_home(self, user: str, tab: str = "home") -> Json:
        """Open the app's Home (or its "messages"); the app hears of it as ``app_home_opened``."""
        return await clicks.open_home(self, user, tab)

    async def shortcut(self, user: str, callback_id: str) -> Json:
        """Use a global shortcut of the app."""
        return await clicks.shortcut(self, user, callback_id)

    async def message_shortcut(self, user: str, callback_id: str, channel: str, ts: str) -> Json:
        """Use a shortcut from a message's menu."""
        return await clicks.message_shortcut(self, user, callback_id, channel, ts)

    async def join(self, user: str, channel: str) -> None:
        """Join a channel; the app hears of it as ``member_joined_channel``."""
        await membership.join(self, user, channel)

    async def update_person(self, user: str, **fields: Any) -> Person:
        """Change somebody's profile or zone; the app hears of it as ``user_change``."""
        return await membership.update_person(self, user, **fields)

    async def update_group(self, group: str, members: list[str]) -> Group:
        """Change who is in a user group; the app hears of it as ``subteam_members_changed``."""
        return await membership.update_group(self, group, members)

    async def hire(self, **fields: Any) -> Person:
        """Add a person; the app hears of it as ``team_join``."""
        return await membership.hire(self, **fields)

    # --- running

    async def idle(self, quiet: float = 0.05, patience: float = 10.0) -> None:
        """Wait until no delivery and no call has been under way for ``quiet`` seconds.

        Raises TimeoutError after ``patience`` seconds.
        """
        async with asyncio.timeout(patience):
            calm, seen = 0.0, self.calls
            while calm < quiet:
                await asyncio.sleep(0.01)
                busy = self.deliveries.outstanding or self.calls_under_way or self.calls != seen
                calm, seen = 0.0 if busy else calm + 0.01, self.calls

    async def stop(self) -> None:
        """End: close the connections of the app."""
        await self.deliveries.close()

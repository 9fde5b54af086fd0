"""How a Web API method is registered and reads its arguments, and the table of all methods."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.workspace.world.app_content import given_json
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Channel, Json
from bot.workspace.world.state import WorkspaceState

READ_SCOPES = {"channel": "channels:read", "private": "groups:read", "im": "im:read"}
HISTORY_SCOPES = {"channel": "channels:history", "private": "groups:history", "im": "im:history"}


@dataclass
class Call:
    """One call of a method, with its arguments as sent (form fields are strings)."""

    workspace: WorkspaceState
    method: str
    args: Json

    def text(self, name: str, default: str = "") -> str:
        given = self.args.get(name)
        return default if given is None else str(given)

    def need(self, name: str, error: str = "invalid_arguments") -> str:
        """Raises CallRefused(``error``) when the argument is missing or empty."""
        given = self.text(name)
        if not given:
            more = {"response_metadata": {"messages": [f"[ERROR] missing required field: {name}"]}}
            raise CallRefused(error, **(more if error == "invalid_arguments" else {}))
        return given

    def flag(self, name: str, default: bool = False) -> bool:
        """Forms write 1, 0, true or false."""
        given = self.args.get(name)
        return default if given is None else given in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int, most: int) -> int:
        """From 1 to ``most``. Raises CallRefused."""
        given = self.text(name) or str(default)
        if not given.isdigit() or not 0 < int(given) <= most:
            raise CallRefused("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(given)

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """The argument may be JSON or a string of JSON. Raises CallRefused(``error``)."""
        return given_json(self.args.get(name), error)

    def require_scope(self, *scopes: str) -> None:
        """Raise CallRefused("missing_scope") unless the app has one of ``scopes``."""
        provided = self.workspace.app.scopes
        if not set(scopes) & set(provided):
            raise CallRefused("missing_scope", needed=scopes[0], provided=",".join(provided))

    def channel(self, name: str = "channel") -> Channel:
        """Raises CallRefused("channel_not_found"), also for a private channel that the app is not in."""
        given = self.need(name, "channel_not_found")
        found = self.workspace.channels.get(given)
        if found is None or (found.kind != "channel" and self.workspace.app.bot_user not in found.members):
            raise CallRefused("channel_not_found")
        return found

    def require_member(self, channel: Channel) -> None:
        """Raise CallRefused("not_in_channel") unless the app is in ``channel``."""
        if self.workspace.app.bot_user not in channel.members:
            raise CallRefused("not_in_channel")

    def page(self, rows: list[Any], default: int, most: int) -> tuple[list[Any], Json]:
        """One page of ``rows``, and the ``response_metadata`` with the cursor to the next. Raises CallRefused."""
        limit, start = self.number("limit", default, most), 0
        if cursor := self.text("cursor"):
            try:
                start = int(base64.b64decode(cursor).decode().removeprefix("next:"))
            except (binascii.Error, ValueError):
                raise CallRefused("invalid_cursor") from None
        after = start + limit
        more = base64.b64encode(f"next:{after}".encode()).decode() if after < len(rows) else ""
        return rows[start:after], {"next_cursor": more}


Handler = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """``tier`` is the rate tier (None: no limit), ``takes`` the kind of token."""

    name: str
    handler: Handler
    scope: str | None
    tier: int | None
    takes: str | None


METHODS: dict[str, Method] = {}


def method(
    name: str, scope: str | None = None, tier: int | None = 4, takes: str | None = "bot"
) -> Callable[[Handler], Handler]:
    """Register a handler, which returns what the answer has beside ``"ok": true`` and raises CallRefused."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, scope, tier, takes)
        return handler

    return register

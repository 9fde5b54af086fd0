"""The installed app, as its manifest describes it."""

from dataclasses import dataclass
from typing import Any

from bot.workspace.world.records import Json

_LOCAL = "{}-local-workspace"
"""Tokens and secrets of a workspace that only this machine can reach."""


@dataclass(frozen=True)
class Command:
    """A slash command; ``name`` begins with the slash."""

    name: str
    description: str = ""
    usage_hint: str = ""
    url: str | None = None
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A shortcut from the menu (kind "global") or from a message's menu (kind "message")."""

    name: str
    callback_id: str
    kind: str
    description: str = ""


@dataclass
class App:
    """``request_url``, where given, replaces every URL of the manifest; ``socket_mode`` False means signed HTTP."""

    name: str = "App"
    id: str = "A0LOCAL"
    bot_user: str = "U0BOT"
    bot_id: str = "B0BOT"
    bot_name: str = "bot"
    bot_token: str = _LOCAL.format("xoxb")
    app_token: str = _LOCAL.format("xapp")
    signing_secret: str = _LOCAL.format("signing")
    verification_token: str = _LOCAL.format("verification")
    scopes: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset()
    interactive: bool = False
    socket_mode: bool = True
    home_tab: bool = False
    messages_tab: bool = True
    messages_read_only: bool = False
    request_url: str | None = None
    interactivity_url: str | None = None
    options_url: str | None = None
    events_url: str | None = None

    @classmethod
    def from_manifest(cls, manifest: Json, **identity: Any) -> "App":
        """The app that Slack would create from ``manifest`` (the content of an ``app_manifest.yml``).

        ``identity`` overrides ids, tokens, the signing secret, ``request_url`` or ``socket_mode``.
        """
        features = manifest.get("features") or {}
        settings = manifest.get("settings") or {}
        interactivity = settings.get("interactivity") or {}
        subscriptions = settings.get("event_subscriptions") or {}
        bot_user = features.get("bot_user") or {}
        home = features.get("app_home") or {}
        name = (manifest.get("display_information") or {}).get("name", "App")
        described: dict[str, Any] = {
            "name": name,
            "bot_name": bot_user.get("display_name", name).lower().replace(" ", "-"),
            "scopes": tuple(((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()),
            "commands": tuple(_command(one) for one in features.get("slash_commands") or ()),
            "shortcuts": tuple(_shortcut(one) for one in features.get("shortcuts") or ()),
            "events": frozenset(subscriptions.get("bot_events") or ()),
            "interactive": bool(interactivity.get("is_enabled")),
            "socket_mode": bool(settings.get("socket_mode_enabled")),
            "home_tab": bool(home.get("home_tab_enabled")),
            "messages_tab": bool(home.get("messages_tab_enabled", True)),
            "messages_read_only": bool(home.get("messages_tab_read_only_enabled")),
            "interactivity_url": interactivity.get("request_url"),
            "options_url": interactivity.get("message_menu_options_url"),
            "events_url": subscriptions.get("request_url"),
        }
        return cls(**(described | identity))

    def command(self, name: str) -> Command | None:
        return next((one for one in self.commands if one.name == name), None)

    def url_for(self, kind: str, command: str | None = None) -> str | None:
        """``kind`` is "events_api", "slash_commands", "interactive" or "options"."""
        if self.request_url:
            return self.request_url
        known = self.command(command) if command else None
        urls = {
            "events_api": self.events_url,
            "slash_commands": known.url if known else None,
            "interactive": self.interactivity_url,
            "options": self.options_url or self.interactivity_url,
        }
        return urls[kind]


def _command(row: Json) -> Command:
    return Command(
        name=row["command"],
        description=row.get("description", ""),
        usage_hint=row.get("usage_hint", ""),
        url=row.get("url"),
        should_escape=bool(row.get("should_escape")),
    )


def _shortcut(row: Json) -> Shortcut:
    return Shortcut(
        name=row["name"], callback_id=row["callback_id"], kind=row["type"], description=row.get("description", "")
    )

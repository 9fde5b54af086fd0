"""A small workspace, really served, and an app that really connects to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Helper"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "helper"},
        "slash_commands": [
            {"command": "/help-me", "description": "Ask for help", "usage_hint": "[words]"},
            {"command": "/page", "description": "Page somebody", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Ask", "type": "global", "callback_id": "ask"},
            {"name": "Answer", "type": "message", "callback_id": "answer"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("chat:write", "commands", "users:read", "usergroups:read", "reactions:write", "pins:write"),
                *("channels:read", "channels:history", "channels:join", "groups:read", "im:read", "im:write"),
                *("im:history", "users.profile:read"),
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": ["app_home_opened", "app_mention", "user_change", "subteam_members_changed", "message.im"]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

DESCRIPTION: dict[str, Any] = {
    "team": {"id": "T0TEST", "name": "Test", "domain": "test"},
    "people": [
        {"id": "U0ANN", "name": "ann", "real_name": "Ann Archer", "tz": "Europe/Amsterdam"},
        {"id": "U0BOB", "name": "bob", "real_name": "Bob Baker", "tz": "America/New_York"},
        {"id": "U0CARL", "name": "carl", "deleted": True},
    ],
    "groups": [{"id": "S0TEAM", "handle": "team", "name": "The team", "members": ["ann", "bob"]}],
    "channels": [
        {"id": "C0OPEN", "name": "open", "members": ["ann", "bob"]},
        {"id": "C0OTHER", "name": "other", "members": ["ann"], "app": False},
        {"id": "C0PRIV", "name": "private", "kind": "private", "members": ["ann"], "app": False},
        {"id": "C0OLD", "name": "old", "members": ["ann"], "archived": True},
    ],
}


def make_workspace(identity: dict[str, Any] | None = None, **options: Any) -> Workspace:
    """A fresh workspace; ``identity`` changes the app, ``options`` the workspace."""
    options = {"patience": 0.5, "redelivery_pauses": (0.0, 0.0, 0.0), "rate_multiplier": None, **options}
    return Workspace.from_dict(
        DESCRIPTION, App.from_manifest(MANIFEST, **(identity or {})), MovableClock(), **options
    )


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """A served workspace without rate limits, in which an app has half a second to answer."""
    made = make_workspace()
    async with serve(made):
        yield made


@pytest.fixture
def client(workspace: Workspace) -> AsyncWebClient:
    """Slack's own client, talking to the workspace with the bot's token."""
    return AsyncWebClient(token=workspace.app.bot_token, base_url=f"{workspace.base_url}/api/")


@asynccontextmanager
async def connected(workspace: Workspace, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, workspace.app.app_token)
    await handler.connect_async()
    try:
        yield handler
    finally:
        await handler.close_async()


@pytest.fixture
async def bolt(workspace: Workspace, client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A real Bolt app, connected by Socket Mode; tests add listeners to it."""
    app = AsyncApp(client=client, signing_secret=workspace.app.signing_secret)
    async with connected(workspace, app):
        yield app

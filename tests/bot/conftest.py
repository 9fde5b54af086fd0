"""A workspace with the example catalog's people and channels, and Release Desk as an app in it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.config.settings import Settings
from bot.slack.manifest import load_manifest
from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from tests.conftest import PEOPLE

DESCRIPTION: dict[str, Any] = {
    "people": [{"id": f"U0{name.upper()}", "name": name.lower(), "tz": zone} for name, zone in PEOPLE.items()],
    "channels": [
        {"id": "C0PAY", "name": "payments", "members": ["ann", "rita", "olga"]},
        {"id": "C0WEB", "name": "web-shop", "members": ["rita", "sam"]},
        {"id": "C0MGMT", "name": "management", "members": ["olga"]},
    ],
}

Environment = dict[str, str]


def make_workspace(**identity: Any) -> Workspace:
    """The workspace; ``identity`` changes the app that is installed in it."""
    app = App.from_manifest(load_manifest(), **identity)
    return Workspace.from_dict(DESCRIPTION, app, rate_multiplier=None)


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """The workspace, served."""
    made = make_workspace()
    async with serve(made):
        yield made


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[..., Settings]:
    """Settings that connect to a workspace; more may be given, None takes one away."""

    def make(workspace: Workspace, **changes: Any) -> Settings:
        app = workspace.app
        values = {
            "slack_bot_token": app.bot_token,
            "slack_app_token": app.app_token,
            "slack_api_url": f"{workspace.base_url}/api/",
            "database_url": f"sqlite:///{tmp_path / 'desk.db'}",
            **changes,
        }
        return Settings.model_validate({name: value for name, value in values.items() if value is not None})

    return make


def environment_of(settings: Settings) -> Environment:
    """``settings`` as environment variables for another process."""
    values: Environment = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is not None:
            values[name.upper()] = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
    return values


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that is seen only by looking. Raises TimeoutError after ten seconds."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)

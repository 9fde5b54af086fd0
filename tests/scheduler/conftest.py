"""A workspace for what time does: the example's people, a user group, and the bot's own clock."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from tests.conftest import PEOPLE
from tests.scheduler.test_delivery import SCOPES, SameClock


@pytest.fixture
async def slack(clock) -> AsyncIterator[Workspace]:
    """A strict workspace with everybody in it; *Sam* is called *Sammy* there."""
    everybody = [name.lower() for name in PEOPLE]
    world = {
        "people": [
            {"id": f"U0{name.upper()}", "name": name.lower(), "real_name": name, "tz": zone}
            for name, zone in PEOPLE.items()
        ],
        "groups": [{"id": "S0KNOW", "handle": "knowledge", "members": ["kim", "pia"]}],
        "channels": [
            {"id": "C0PAY", "name": "payments", "members": everybody},
            {"id": "C0WEB", "name": "web", "members": everybody},
            {"id": "C0MGMT", "name": "management", "members": ["petra"]},
        ],
    }
    app = App(name="Release Desk", scopes=(*SCOPES, "usergroups:read"), home_tab=True)
    made = Workspace.from_dict(world, app, SameClock(clock), rate_multiplier=None)
    made.people["U0SAM"].real_name = "Sammy"
    async with serve(made):
        yield made


@pytest.fixture
async def client(slack: Workspace) -> AsyncIterator[AsyncWebClient]:
    """The bot's client for that workspace."""
    made = AsyncWebClient(token=slack.app.bot_token, base_url=f"{slack.base_url}/api/", retry_handlers=[])
    yield made
    if made.session is not None:
        await made.session.close()

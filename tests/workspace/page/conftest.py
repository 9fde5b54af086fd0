"""A reader and a surface to draw for, and a browser without scripts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.workspace.page.rendering.reader import Reader
from bot.workspace.page.rendering.surface import Surface
from bot.workspace.workspace import Workspace
from bot.workspace.world.records import Message

Json = dict[str, Any]
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(label: str, value: str = "") -> Json:
    return {"text": plain(label), "value": value or label.lower()}


def input_block(element: Json, label: str = "Title", **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": "b",
        "label": plain(label),
        "element": {"action_id": "a", **element},
        **more,
    }


def surface(**more: Any) -> Surface:
    return Surface("modal", "v-V1", "/as/U1/act/view/V1", "/as/U1/suggest/view/V1", **more)


@pytest.fixture(scope="session")
def reader() -> Reader:
    """Ann in Amsterdam, on the morning of Tuesday 24 November 2026 (10:00 there)."""
    return Reader(
        person="U1",
        zone=ZoneInfo("Europe/Amsterdam"),
        now=NOW,
        people={"U1": "Ann Archer", "U2": "Bob <b>"},
        groups={"S1": "managers"},
        channels={"C1": "payments"},
        base="/as/U1",
        colleagues=[("U1", "Ann Archer"), ("U2", "Bob <b>")],
        open_channels=[("C1", "#payments")],
        conversations=[("C1", "#payments"), ("D1", "Bob <b>")],
    )


@pytest.fixture
async def browser(workspace: Workspace) -> AsyncIterator[aiohttp.ClientSession]:
    """Gets pages and posts forms, without scripts."""
    async with aiohttp.ClientSession(workspace.base_url) as session:
        yield session


def post(workspace: Workspace, text: str = "", blocks: list[Json] | None = None, **more: Any) -> Message:
    """Post a message of the app in #open."""
    message = Message(
        "C0OPEN",
        workspace.next_ts(),
        workspace.app.bot_user,
        text,
        blocks or [],
        bot_id=workspace.app.bot_id,
        **more,
    )
    return workspace.add(message)

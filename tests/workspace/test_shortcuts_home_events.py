"""Shortcuts, the Home and events reach a real Bolt app over Socket Mode, as the manifest says."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.workspace import Workspace
from bot.workspace.world.errors import ActRefused, DeliveryFailed
from tests.workspace.conftest import make_workspace
from tests.workspace.sample_app import Json, plain


async def test_an_app_whose_messages_are_read_only_cannot_be_written_to() -> None:
    workspace = make_workspace({"messages_read_only": True})
    channel = workspace.direct("U0ANN", "U0BOT")
    with pytest.raises(ActRefused, match="turned off"):
        await workspace.say("ann", channel.id, "hello?")


async def test_without_interactivity_clicks_go_nowhere() -> None:
    workspace = make_workspace({"interactive": False})
    with pytest.raises(DeliveryFailed, match="app_missing_action_url"):
        await workspace.shortcut("ann", "ask")


async def test_the_home_is_opened_published_and_clicked(workspace: Workspace, bolt: AsyncApp) -> None:
    button = {"type": "button", "text": plain("Go"), "action_id": "go"}
    home = {"type": "home", "blocks": [{"type": "actions", "block_id": "row", "elements": [button]}]}
    heard: list[Json] = []

    @bolt.event("app_home_opened")
    async def show(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=home)

    @bolt.action("go")
    async def go(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    await workspace.open_home("ann")
    await workspace.idle()
    view = workspace.home("U0ANN")
    assert view is not None
    assert workspace.home("U0BOB") is None
    await workspace.click("ann", view, "row", "go")
    assert heard[0]["container"] == {"type": "view", "view_id": view.id}
    stale = view.hash
    await bolt.client.views_publish(user_id="U0ANN", view=home, hash=stale)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await bolt.client.views_publish(user_id="U0ANN", view=home, hash=stale)
    assert "response_url" not in heard[0]
    with pytest.raises(ActRefused):
        await workspace.click("bob", view, "row", "go")


async def test_a_message_shortcut_carries_its_message(workspace: Workspace, bolt: AsyncApp) -> None:
    heard: list[Json] = []

    @bolt.shortcut("answer")
    async def answer(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    said = await workspace.say("bob", "open", "what is this?")
    await workspace.message_shortcut("ann", "answer", "open", said.ts)
    assert heard[0]["message"]["text"] == "what is this?"
    with pytest.raises(ActRefused, match="no global shortcut"):
        await workspace.shortcut("ann", "answer")


async def test_events_come_only_when_the_manifest_subscribes(workspace: Workspace, bolt: AsyncApp) -> None:
    heard: list[Json] = []

    async def note(event: Json) -> None:
        heard.append(event)

    for kind in ("user_change", "subteam_members_changed", "app_mention", "message", "member_joined_channel"):
        bolt.event(kind)(note)
    await workspace.update_person("ann", tz="Asia/Tokyo")
    await workspace.update_group("team", ["bob"])
    await workspace.say("ann", "open", "hello <@U0BOT>")
    await workspace.say("ann", "open", "nothing for an app")
    await workspace.join("bob", "other")
    await workspace.idle()
    assert sorted(one["type"] for one in heard) == ["app_mention", "subteam_members_changed", "user_change"]
    by_type = {one["type"]: one for one in heard}
    assert by_type["user_change"]["user"]["tz"] == "Asia/Tokyo"
    assert by_type["subteam_members_changed"]["removed_users"] == ["U0ANN"]


async def test_pages_hear_of_changes_as_they_happen(workspace: Workspace, client: AsyncWebClient) -> None:
    with workspace.subscribe() as changes:
        await client.chat_postMessage(channel="C0OPEN", text="hi")
        async with asyncio.timeout(2):
            heard = [await anext(changes), await anext(changes)]
    assert [one.kind for one in heard] == ["message", "traffic"]
    assert heard[0].channel == "C0OPEN"

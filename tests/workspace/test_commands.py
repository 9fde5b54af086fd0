"""Commands reach a real Bolt app over Socket Mode, and its answers reach people."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from bot.workspace.workspace import Workspace
from bot.workspace.world.errors import ActRefused, DeliveryFailed
from tests.workspace.sample_app import Json, open_on_command, plain


async def test_a_command_carries_who_where_and_what(workspace: Workspace, bolt: AsyncApp) -> None:
    heard = open_on_command(bolt)
    assert await workspace.command("ann", "open", "/help-me  two words ") == {}
    await workspace.idle()
    assert {
        key: heard[0][key] for key in ("command", "text", "user_id", "user_name", "channel_id", "channel_name")
    } == {
        "command": "/help-me",
        "text": "two words",
        "user_id": "U0ANN",
        "user_name": "ann",
        "channel_id": "C0OPEN",
        "channel_name": "open",
    }


async def test_a_command_that_escapes_names_people_and_channels_by_id(workspace: Workspace, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.command("/page")
    async def page(ack: Any, body: Json) -> None:
        heard.append(body["text"])
        await ack()

    await workspace.command("ann", "open", "/page @bob in #open <now>")
    assert heard == ["<@U0BOB|bob> in <#C0OPEN|open> &lt;now&gt;"]


async def test_the_answer_to_a_command_is_for_the_person_alone_unless_it_says_otherwise(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    @bolt.command("/help-me")
    async def help_me(ack: Any, body: Json) -> None:
        await ack(text="here", response_type=body["text"] or "ephemeral")

    await workspace.command("ann", "open", "/help-me")
    assert workspace.messages_in("C0OPEN", "U0BOB") == []
    assert [one.text for one in workspace.messages_in("C0OPEN", "U0ANN")] == ["here"]
    await workspace.command("ann", "open", "/help-me in_channel")
    assert len(workspace.messages_in("C0OPEN", "U0BOB")) == 1


async def test_an_answer_that_slack_would_refuse_fails_the_command(workspace: Workspace, bolt: AsyncApp) -> None:
    @bolt.command("/help-me")
    async def help_me(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "header"}])

    with pytest.raises(DeliveryFailed, match="invalid_blocks"):
        await workspace.command("ann", "open", "/help-me")


async def test_unknown_commands_and_strangers_are_stopped_before_the_app(workspace: Workspace) -> None:
    with pytest.raises(ActRefused, match="not a valid command"):
        await workspace.command("ann", "open", "/dance")
    with pytest.raises(ActRefused, match="not in this conversation"):
        await workspace.command("bob", "private", "/help-me")
    assert len(workspace.traffic) == 0


async def test_without_a_connection_the_command_fails_at_once(workspace: Workspace) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        await workspace.command("ann", "open", "/help-me")
    assert caught.value.code == "dispatch_failed"


async def test_an_app_that_does_not_acknowledge_times_out_and_is_not_asked_again(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    asked: list[str] = []

    @bolt.command("/help-me")
    async def help_me(body: Json) -> None:
        asked.append(body["command"])

    with pytest.raises(DeliveryFailed) as caught:
        await workspace.command("ann", "open", "/help-me")
    assert caught.value.code == "operation_timeout"
    await workspace.idle()
    assert asked == ["/help-me"]


async def test_a_response_url_answers_five_times_within_half_an_hour(workspace: Workspace, bolt: AsyncApp) -> None:
    urls: list[str] = []

    @bolt.action("go")
    async def go(ack: Any, body: Json) -> None:
        urls.append(body["response_url"])
        await ack()

    button = {"type": "button", "text": plain("Go"), "action_id": "go"}
    blocks = [{"type": "actions", "block_id": "row", "elements": [button]}]
    ts = (await bolt.client.chat_postMessage(channel="C0OPEN", text="press", blocks=blocks))["ts"]
    await workspace.click("ann", ("C0OPEN", ts), "row", "go")

    async with aiohttp.ClientSession() as session:

        async def respond(**body: Any) -> tuple[int, str]:
            async with session.post(urls[-1], json=body) as answer:
                return answer.status, await answer.text()

        assert await respond(text="for you") == (200, "ok")
        assert [one.text for one in workspace.messages_in("C0OPEN", "U0BOB")] == ["press"]
        assert (await respond(text="new", replace_original=True))[0] == 200
        assert [one.text for one in workspace.messages_in("C0OPEN", "U0BOB")] == ["new"]
        assert (await respond())[0] == 400
        assert (await respond(text="all", response_type="in_channel"))[0] == 200
        assert (await respond(text="x"))[0] == 200
        assert (await respond(delete_original=True))[0] == 200
        assert [one.text for one in workspace.messages_in("C0OPEN", "U0BOB")] == ["all"]
        status, text = await respond(text="once more")
        assert (status, "used_url" in text) == (404, True)
        said = await bolt.client.chat_postMessage(channel="C0OPEN", text="press", blocks=blocks)
        await workspace.click("ann", ("C0OPEN", said["ts"]), "row", "go")
        await workspace.clock.move(by=timedelta(minutes=31))
        status, text = await respond(text="late")
        assert (status, "expired_url" in text) == (404, True)

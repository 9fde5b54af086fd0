"""The control interface, and which sites may reach it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from bot.workspace.workspace import Workspace

Json = dict[str, Any]


class Control:
    """Talks to the control interface."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session, self._base = session, base

    async def act(self, name: str, **body: Any) -> tuple[int, Any]:
        async with self._session.post(f"{self._base}/control/{name}", json=body) as answer:
            return answer.status, await answer.json()

    async def ask(self, name: str, **query: str) -> Any:
        async with self._session.get(f"{self._base}/control/{name}", params=query) as answer:
            return await answer.json()


@pytest.fixture
async def control(workspace: Workspace) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession() as session:
        yield Control(session, workspace.base_url)


async def test_another_process_plays_a_whole_conversation(control: Control, bolt: AsyncApp) -> None:
    label = {"type": "plain_text", "text": "Name"}
    name = {"type": "input", "block_id": "name", "label": label, "element": {"type": "plain_text_input"}}
    view = {"type": "modal", "callback_id": "form", "title": label, "submit": label, "blocks": [name]}
    button = {"type": "button", "text": label, "action_id": "open"}

    @bolt.command("/help-me")
    async def help_me(ack: Any, say: Any) -> None:
        await ack()
        await say(text="Press", blocks=[{"type": "actions", "elements": [button]}])

    @bolt.action("open")
    async def open_form(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt.view("form")
    async def submitted(ack: Any, view: Json, client: Any) -> None:
        ((_, entered),) = view["state"]["values"]["name"].items()
        await ack()
        await client.chat_postMessage(channel="C0OPEN", text=f"It is {entered['value']}")

    assert await control.act("command", user="ann", channel="open", line="/help-me") == (200, {})
    assert (await control.act("idle"))[0] == 200
    (message,) = await control.ask("messages", channel="open", reader="ann")
    await control.act("click", user="ann", channel="C0OPEN", ts=message["ts"], action_id="open")
    await control.act("idle")
    (modal,) = (await control.ask("views", user="ann"))["modals"]
    refused = await control.act("submit", user="ann", view_id=modal["id"], values={})
    assert refused[1]["errors"] == {"name": "Please complete this required field."}
    await control.act("submit", user="ann", view_id=modal["id"], values={"Name": "Zoe"})
    await control.act("idle")
    assert (await control.ask("messages", channel="open"))[-1]["text"] == "It is Zoe"
    names = [one["name"] for one in await control.ask("traffic", limit="50")]
    assert "/help-me" in names
    assert "views.open" in names


async def test_what_went_wrong_is_said_with_a_status(control: Control, workspace: Workspace) -> None:
    assert (await control.act("command", user="ann", channel="open", line="/dance"))[0] == 400
    assert (await control.act("command", user="nobody", channel="open", line="/help-me"))[0] == 400
    status, answer = await control.act("command", user="ann", channel="open", line="/help-me")
    assert (status, answer["error"]) == (504, "dispatch_failed")


async def test_faults_are_switched_from_outside(control: Control, workspace: Workspace) -> None:
    status, fault = await control.act("faults", kind="server_error", target="chat.*", times=2)
    assert (status, fault["times"]) == (200, 2)
    assert [one["kind"] for one in (await control.ask("state"))["faults"]] == ["server_error"]
    await control.act("faults/clear")
    assert workspace.faults.all() == []
    assert (await control.act("faults", kind="earthquake"))[0] == 400


async def test_the_clock_is_moved_forward_and_listeners_hear_of_it(control: Control, workspace: Workspace) -> None:
    told: list[datetime] = []

    async def listen(moment: datetime) -> None:
        told.append(moment)

    async def due() -> datetime | None:
        return workspace.clock.now() + timedelta(days=2)

    workspace.clock.on_move(listen)
    workspace.clock.next_due = due
    before = workspace.clock.now()
    await control.act("clock", seconds=3600)
    await control.act("clock", to="next_due")
    assert timedelta(days=2, hours=1) <= workspace.clock.now() - before < timedelta(days=2, hours=1, minutes=1)
    assert len(told) == 2
    assert (await control.act("clock", seconds=-1))[0] == 400


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Host": "evil.example:80", "Origin": "null"}],
)
async def test_pages_of_other_sites_are_kept_out(workspace: Workspace, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(f"{workspace.base_url}/control/state") as answer:
            assert answer.status == 403
        async with session.post(f"{workspace.base_url}/control/faults/clear", json={}) as answer:
            assert answer.status == 403


async def test_forms_cannot_reach_the_control_interface(workspace: Workspace) -> None:
    clear = f"{workspace.base_url}/control/faults/clear"
    async with aiohttp.ClientSession() as session, session.post(clear, data={"a": "b"}) as answer:
        assert answer.status == 415


async def test_it_listens_on_this_machine_only(workspace: Workspace) -> None:
    assert workspace.base_url.startswith("http://127.0.0.1:")

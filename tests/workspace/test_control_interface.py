"""The control interface, the clock, seeding, and who may reach the workspace."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock
from tests.workspace.conftest import DESCRIPTION, MANIFEST

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


async def test_nothing_due_moves_nothing() -> None:
    clock = MovableClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert await clock.move_to_next_due() is None
    assert clock.now() - datetime(2026, 11, 24, 9, tzinfo=UTC) < timedelta(minutes=1)
    with pytest.raises(ValueError, match="time zone"):
        await clock.move(to=datetime(2027, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="either"):
        await clock.move()


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


async def test_a_workspace_is_filled_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(
        "people:\n- {id: U0ZOE, name: zoe, real_name: Zoe Z, tz: Asia/Tokyo}\n"
        "channels:\n- {id: C0NEW, name: new, members: [zoe]}\n"
    )
    made = Workspace.from_file(file, App.from_manifest(MANIFEST))
    assert made.person("zoe").tz == "Asia/Tokyo"
    assert made.channel("#new").members == ["U0ZOE", "U0BOT"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"people": [{"id": "zoe", "name": "zoe"}]}, "is not an id"),
        ({"people": [{"id": "U0ZOE", "name": "zoe", "shoe": 38}]}, "shoe"),
        ({"channels": [{"id": "C0NEW", "name": "new", "members": ["nobody"]}]}, "nobody called 'nobody'"),
    ],
)
async def test_a_wrong_description_names_the_row(wrong: Json, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Workspace.from_dict(wrong, App.from_manifest(MANIFEST))


async def test_private_and_direct_conversations_are_seen_by_their_members_alone(workspace: Workspace) -> None:
    await workspace.say("ann", "private", "secret")
    assert [one.text for one in workspace.messages_in("C0PRIV", "U0ANN")] == ["secret"]
    assert workspace.messages_in("C0PRIV", "U0BOB") == []
    assert [one.name for one in workspace.channels_of("U0ANN")] == ["open", "other", "private"]
    assert DESCRIPTION["channels"][0]["members"] == ["ann", "bob"]

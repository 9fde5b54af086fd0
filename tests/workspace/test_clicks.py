"""Clicks and choices in messages reach a real Bolt app over Socket Mode."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.workspace.workspace import Workspace
from bot.workspace.world.errors import ActRefused
from tests.workspace.sample_app import Json, option, plain


async def test_a_click_carries_the_message_its_state_and_the_button(workspace: Workspace, bolt: AsyncApp) -> None:
    heard: list[Json] = []

    @bolt.action("go")
    async def go(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    button = {"type": "button", "text": plain("Go"), "action_id": "go", "value": "42", "style": "primary"}
    picker = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-24"}
    blocks = [{"type": "actions", "block_id": "row", "elements": [button, picker]}]
    ts = (await bolt.client.chat_postMessage(channel="C0OPEN", text="press", blocks=blocks))["ts"]
    await workspace.click("bob", ("C0OPEN", ts), "row", "go")
    (body,) = heard
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0OPEN",
        "is_ephemeral": False,
    }
    assert body["user"] == {"id": "U0BOB", "username": "bob", "name": "bob", "team_id": "T0TEST"}
    assert body["message"]["blocks"] == blocks
    assert body["state"]["values"]["row"]["day"] == {"type": "datepicker", "selected_date": "2026-11-24"}
    (action,) = body["actions"]
    assert (action["type"], action["block_id"], action["value"], action["style"]) == (
        "button",
        "row",
        "42",
        "primary",
    )


async def test_boxes_in_a_message_are_each_persons_own_until_the_app_shows_them(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    heard: list[Json] = []

    @bolt.action("tick")
    async def ticked(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body)

    def boxes(block_id: str, *ticked: str) -> list[Json]:
        element = {"type": "checkboxes", "action_id": "tick", "options": [option("a"), option("b")]}
        if ticked:
            element["initial_options"] = [option(one) for one in ticked]
        return [{"type": "actions", "block_id": block_id, "elements": [element]}]

    sent = await bolt.client.chat_postMessage(channel="C0OPEN", text="Boxes", blocks=boxes("first"))
    where = ("C0OPEN", sent["ts"])
    await workspace.click("bob", where, "first", "tick", ["a"])
    await workspace.click("ann", where, "first", "tick", ["b"])
    assert [body["actions"][0]["selected_options"] for body in heard] == [[option("a")], [option("b")]]
    assert heard[1]["state"]["values"]["first"]["tick"]["selected_options"] == [option("b")]
    await bolt.client.chat_update(channel="C0OPEN", ts=sent["ts"], text="Boxes", blocks=boxes("first"))
    message = workspace.find(*where)
    assert message is not None
    assert message.values_of("U0BOB")["first"]["tick"]["selected_options"] == [option("a")]
    await bolt.client.chat_update(channel="C0OPEN", ts=sent["ts"], text="Boxes", blocks=boxes("second", "a", "b"))
    with pytest.raises(ActRefused):
        await workspace.click("bob", where, "first", "tick", [])
    await workspace.click("bob", where, "second", "tick", ["b"])
    assert list(heard[2]["state"]["values"]) == ["second"]
    with pytest.raises(ActRefused):
        await workspace.click("bob", where, "second", "tick", ["c"])


CHOICES: list[tuple[Json, Any, Json]] = [
    ({"type": "static_select", "options": [option("a"), option("b")]}, "b", {"selected_option": option("b")}),
    ({"type": "static_select", "options": [option("a"), option("b")]}, "A", {"selected_option": option("a")}),
    (
        {"type": "static_select", "option_groups": [{"label": plain("L"), "options": [option("a")]}]},
        "a",
        {"selected_option": option("a")},
    ),
    ({"type": "radio_buttons", "options": [option("a"), option("b")]}, "b", {"selected_option": option("b")}),
    ({"type": "checkboxes", "options": [option("a"), option("b")]}, ["b"], {"selected_options": [option("b")]}),
    ({"type": "overflow", "options": [option("a"), option("b")]}, "b", {"selected_option": option("b")}),
    ({"type": "datepicker"}, "2026-11-24", {"selected_date": "2026-11-24"}),
    ({"type": "timepicker"}, "10:30", {"selected_time": "10:30"}),
    ({"type": "datetimepicker"}, 1_800_000_000, {"selected_date_time": 1_800_000_000}),
    ({"type": "users_select"}, "U0BOB", {"selected_user": "U0BOB"}),
    ({"type": "channels_select"}, "C0OPEN", {"selected_channel": "C0OPEN"}),
    ({"type": "conversations_select"}, "C0OPEN", {"selected_conversation": "C0OPEN"}),
]


@pytest.mark.parametrize(("element", "entered", "expected"), CHOICES)
async def test_every_element_says_what_was_chosen_in_its_own_words(
    workspace: Workspace, bolt: AsyncApp, element: Json, entered: Any, expected: Json
) -> None:
    heard: list[Json] = []

    @bolt.action("it")
    async def chosen(ack: Any, body: Json) -> None:
        heard.append(body["actions"][0])
        await ack()

    blocks = [{"type": "actions", "block_id": "row", "elements": [{**element, "action_id": "it"}]}]
    ts = (await bolt.client.chat_postMessage(channel="C0OPEN", text="choose", blocks=blocks))["ts"]
    await workspace.click("ann", ("C0OPEN", ts), None, "it", entered)
    assert expected.items() <= heard[0].items()


async def test_one_cannot_choose_what_is_not_offered_nor_press_what_is_gone(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    blocks = [
        {"type": "actions", "elements": [{"type": "static_select", "action_id": "it", "options": [option("a")]}]}
    ]
    ts = (await bolt.client.chat_postMessage(channel="C0OPEN", text="choose", blocks=blocks))["ts"]
    with pytest.raises(ActRefused, match="not among the options"):
        await workspace.click("ann", ("C0OPEN", ts), None, "it", "z")
    with pytest.raises(ActRefused, match="there is no 'other'"):
        await workspace.click("ann", ("C0OPEN", ts), None, "other")
    await bolt.client.chat_delete(channel="C0OPEN", ts=ts)
    with pytest.raises(ActRefused, match="not there any more"):
        await workspace.click("ann", ("C0OPEN", ts), None, "it", "a")

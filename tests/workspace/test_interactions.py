"""What people do reaches a real Bolt app over Socket Mode, and what it answers reaches them."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.errors import ActRefused, DeliveryFailed
from bot.workspace.state import Workspace
from tests.workspace.conftest import make_workspace

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def text_input(block_id: str, label: str, **element: Any) -> Json:
    written = {"type": "plain_text_input", "action_id": "text", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": written}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **fields,
    }


FORM = modal(
    text_input("title", "Title", max_length=20),
    {
        "type": "input",
        "block_id": "kind",
        "label": plain("Kind"),
        "optional": True,
        "dispatch_action": True,
        "element": {"type": "static_select", "action_id": "kind", "options": [option("big"), option("small")]},
    },
    private_metadata="7",
)


def opens(bolt: AsyncApp, view: Json = FORM) -> list[Json]:
    """Have /help-me open ``view``; returns what it was called with."""
    heard: list[Json] = []

    @bolt.command("/help-me")
    async def help_me(ack: Any, body: Json, client: AsyncWebClient) -> None:
        heard.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    return heard


async def opened(workspace: Workspace, user: str = "ann") -> str:
    """Use /help-me and return the id of the modal that it opens."""
    await workspace.command(user, "open", "/help-me")
    await workspace.idle()
    view = workspace.modal(workspace.person(user).id)
    assert view is not None
    return view.id


def submissions(bolt: AsyncApp, **answer: Any) -> list[Json]:
    """Have every submission answered with ``answer``; returns them."""
    heard: list[Json] = []

    @bolt.view("form")
    async def submitted(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack(**answer)

    return heard


async def test_a_command_carries_who_where_and_what(workspace: Workspace, bolt: AsyncApp) -> None:
    heard = opens(bolt)
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


async def test_a_modal_is_opened_filled_submitted_and_closed(workspace: Workspace, bolt: AsyncApp) -> None:
    opens(bolt)
    heard = submissions(bolt)
    view_id = await opened(workspace)
    answer = await workspace.submit("ann", view_id, {"Title": "Hello", "kind": "small"})
    assert answer == {}
    assert workspace.modal("U0ANN") is None
    view = heard[0]["view"]
    assert (view["id"], view["callback_id"], view["private_metadata"]) == (view_id, "form", "7")
    assert view["state"]["values"] == {
        "title": {"text": {"type": "plain_text_input", "value": "Hello"}},
        "kind": {"kind": {"type": "static_select", "selected_option": option("small")}},
    }


async def test_what_slacks_client_checks_itself_never_reaches_the_app(workspace: Workspace, bolt: AsyncApp) -> None:
    opens(bolt)
    heard = submissions(bolt)
    view_id = await opened(workspace)
    answer = await workspace.submit("ann", view_id, {})
    assert answer["errors"] == {"title": "Please complete this required field."}
    answer = await workspace.submit("ann", view_id, {"title": "x" * 21})
    assert "at most 20" in answer["errors"]["title"]
    assert heard == []
    assert workspace.modal("U0ANN") is not None


async def test_errors_stand_under_their_inputs_and_what_was_typed_stays(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    opens(bolt)
    submissions(bolt, response_action="errors", errors={"title": "Taken"})
    view_id = await opened(workspace)
    await workspace.submit("ann", view_id, {"title": "Hello"})
    view = workspace.modal("U0ANN")
    assert view is not None
    assert view.errors == {"title": "Taken"}
    assert view.values["title"]["text"]["value"] == "Hello"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid_errors"),
        ({"response_action": "update", "view": modal(text_input("a", "x" * 2001))}, "invalid_arguments"),
        ({"response_action": "dance"}, "invalid_response_action"),
    ],
)
async def test_an_answer_to_a_modal_that_slack_would_refuse_fails(
    workspace: Workspace, bolt: AsyncApp, answer: Json, code: str
) -> None:
    opens(bolt)

    @bolt.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**answer)

    view_id = await opened(workspace)
    with pytest.raises(DeliveryFailed) as caught:
        await workspace.submit("ann", view_id, {"title": "Hello"})
    assert caught.value.code == code
    assert workspace.modal("U0ANN") is not None


async def test_modals_stack_three_deep_and_clear_at_once(workspace: Workspace, bolt: AsyncApp) -> None:
    opens(bolt)
    answers: list[Json] = [
        {"response_action": "push", "view": modal(text_input("b", "B"))},
        {"response_action": "push", "view": modal(text_input("c", "C"))},
        {"response_action": "push", "view": modal(text_input("d", "D"))},
        {"response_action": "clear"},
    ]

    @bolt.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**answers.pop(0))

    first = await opened(workspace)
    await workspace.submit("ann", first, {"title": "x"})
    second = workspace.modal("U0ANN")
    assert second is not None
    assert (second.root_view_id, second.previous_view_id) == (first, first)
    with pytest.raises(ActRefused, match="in front"):
        await workspace.submit("ann", first, {"title": "x"})
    await workspace.submit("ann", second.id, {"B": "x"})
    third = workspace.modal("U0ANN")
    assert third is not None
    with pytest.raises(DeliveryFailed, match="push_limit_reached"):
        await workspace.submit("ann", third.id, {"C": "x"})
    await workspace.submit("ann", third.id, {"C": "x"})
    assert workspace.modals["U0ANN"] == []


async def test_an_updated_view_keeps_what_was_typed_and_a_stale_hash_is_refused(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    opens(bolt)

    @bolt.action("kind")
    async def kind_chosen(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(*FORM["blocks"], {"type": "divider"})
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    view_id = await opened(workspace)
    before = workspace.modal("U0ANN")
    assert before is not None
    old_hash = before.hash
    await workspace.click("ann", view_id, "kind", "kind", "big", {"title": "typed"})
    await workspace.idle()
    after = workspace.modal("U0ANN")
    assert after is not None
    assert after.id == view_id
    assert len(after.blocks) == 3
    assert after.values["title"]["text"]["value"] == "typed"
    assert after.values["kind"]["kind"]["selected_option"]["value"] == "big"
    with pytest.raises(SlackApiError) as caught:
        await bolt.client.views_update(view_id=view_id, hash=old_hash, view=FORM)
    assert caught.value.response["error"] == "hash_conflict"


async def test_a_trigger_opens_one_modal_within_three_seconds(workspace: Workspace, bolt: AsyncApp) -> None:
    triggers: list[str] = []

    @bolt.shortcut("ask")
    async def ask(ack: Any, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    async def refusal() -> str:
        with pytest.raises(SlackApiError) as caught:
            await bolt.client.views_open(trigger_id=triggers[-1], view=FORM)
        return str(caught.value.response["error"])

    await workspace.shortcut("ann", "ask")
    await bolt.client.views_open(trigger_id=triggers[-1], view=FORM)
    assert await refusal() == "exchanged_trigger_id"
    await workspace.shortcut("ann", "ask")
    await workspace.clock.move(by=timedelta(seconds=4))
    assert await refusal() == "expired_trigger_id"


async def test_closing_is_told_when_the_view_asks_for_it(workspace: Workspace, bolt: AsyncApp) -> None:
    opens(bolt, {**FORM, "notify_on_close": True})
    heard: list[Json] = []

    @bolt.view_closed("form")
    async def closed(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    view_id = await opened(workspace)
    await workspace.close("ann", view_id)
    assert (heard[0]["view"]["id"], heard[0]["is_cleared"]) == (view_id, False)
    assert workspace.modal("U0ANN") is None


async def test_an_external_select_asks_the_app_from_the_third_letter_on(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    select = {"type": "external_select", "action_id": "who"}
    form = modal({"type": "input", "block_id": "who", "label": plain("Who"), "element": select})
    opens(bolt, form)
    heard = submissions(bolt)

    @bolt.options("who")
    async def suggest(ack: Any, body: Json) -> None:
        await ack(options=[option(body["value"] + "!")])

    view_id = await opened(workspace)
    assert await workspace.suggest("ann", view_id, "who", "who", "ab") == []
    assert await workspace.suggest("ann", view_id, "who", "who", "abc") == [option("abc!")]
    with pytest.raises(ActRefused, match="not among"):
        await workspace.submit("ann", view_id, {"who": "xyz"})
    await workspace.submit("ann", view_id, {"who": "abc!"})
    assert heard[0]["view"]["state"]["values"]["who"]["who"]["selected_option"] == option("abc!")


async def test_suggestions_that_slack_would_refuse_fail(workspace: Workspace, bolt: AsyncApp) -> None:
    select = {"type": "external_select", "action_id": "who", "min_query_length": 0}
    opens(bolt, modal({"type": "input", "block_id": "who", "label": plain("Who"), "element": select}))

    @bolt.options("who")
    async def suggest(ack: Any) -> None:
        await ack(options=[{"text": plain("x" * 76), "value": "x"}])

    view_id = await opened(workspace)
    with pytest.raises(DeliveryFailed, match="invalid_options"):
        await workspace.suggest("ann", view_id, "who", "who", "")


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


async def test_pages_hear_of_changes_as_they_happen(workspace: Workspace, client: AsyncWebClient) -> None:
    with workspace.subscribe() as changes:
        await client.chat_postMessage(channel="C0OPEN", text="hi")
        async with asyncio.timeout(2):
            heard = [await anext(changes), await anext(changes)]
    assert [one.kind for one in heard] == ["message", "traffic"]
    assert heard[0].channel == "C0OPEN"

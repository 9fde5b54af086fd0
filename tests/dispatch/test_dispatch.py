"""From Bolt to a handler and back: every answer on its way, every error a sentence."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.dispatch import dispatcher as dispatch
from handlers.dispatch.answers import Back, Change, Choices, Nothing, Open, Replace, Tell, Wrong
from handlers.dispatch.desk import Desk
from handlers.dispatch.dispatcher import Dispatcher
from handlers.dispatch.registry import Registry
from handlers.dispatch.slack_text import command_as_typed
from messages.kit.blocks import Message, modal, section, value
from messages.kit.inputs import input_block, text_input
from models.errors import Invalid, NotFound, Refused, Stale

VIEW = modal("a:view", "A view", [section("Words"), input_block("reason", "Reason", text_input())], submit="Go")

STACKED = {"id": "V3", "root_view_id": "V1", "hash": "h"}
"""What Slack says of a modal that stands on another; ``previous_view_id`` names that one."""


class Slack(AsyncWebClient):
    """Writes down what is called instead of calling it."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-test")
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.refusals: dict[str, str] = {}
        self.may_answer: asyncio.Event | None = None

    async def api_call(self, api_method: str, **arguments: Any) -> Any:
        self.called.append((api_method, arguments.get("json") or arguments.get("params") or {}))
        if self.may_answer is not None:
            await self.may_answer.wait()
        if api_method in self.refusals:
            raise SlackApiError("refused", {"error": self.refusals[api_method]})
        return self.answers.get(api_method, {"ok": True})


class Rig:
    """A dispatcher with handlers that answer what a test wants."""

    def __init__(self, work) -> None:
        self.registry = Registry()
        self.slack = Slack()
        self.dispatcher = Dispatcher(self.registry, Desk(work, work.clock), self.slack)
        self.app = AsyncApp(
            client=self.slack, authorize=authorize, request_verification_enabled=False, process_before_response=True
        )
        self.dispatcher.attach(self.app)

    async def send(self, body: dict[str, Any]) -> Any:
        response = await self.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert response.status == 200
        await self.dispatcher.drain()
        return json.loads(response.body) if response.body else None


async def authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test", bot_id="B1", bot_user_id="UBOT")


@pytest.fixture
def rig(work) -> Rig:
    return Rig(work)


def answering(answer: Any):
    async def handler(_desk, _incoming):
        if isinstance(answer, Exception):
            raise answer
        return answer

    return handler


COMMON = {"team": {"id": "T1"}, "user": {"id": "U1", "username": "ann"}, "trigger_id": "1.2.3"}


def click(**more: Any) -> dict[str, Any]:
    action = {"type": "button", "action_id": "a:click", "block_id": "b", "value": value(r=1)}
    return {"type": "block_actions", **COMMON, "actions": [action], "channel": {"id": "C1"}, **more}


def submission() -> dict[str, Any]:
    return {"type": "view_submission", **COMMON, "view": {**VIEW, "id": "V1", "hash": "h", "state": {"values": {}}}}


def command(text: str) -> dict[str, Any]:
    return {
        "command": "/thing",
        "text": text,
        "user_id": "U1",
        "team_id": "T1",
        "channel_id": "C1",
        "trigger_id": "1",
    }


@pytest.mark.parametrize(
    ("answer", "acknowledged"),
    [
        (Nothing(), None),
        (Wrong({"reason": "Say more."}), {"response_action": "errors", "errors": {"reason": "Say more."}}),
        (Invalid({"reason": "Say more."}), {"response_action": "errors", "errors": {"reason": "Say more."}}),
        (Invalid({"elsewhere": "Not so."}), {"response_action": "errors", "errors": {"reason": "Not so."}}),
        (Refused("You may not."), {"response_action": "errors", "errors": {"reason": "You may not."}}),
        (Stale("It changed."), {"response_action": "errors", "errors": {"reason": "It changed."}}),
        (Change(VIEW), {"response_action": "update", "view": VIEW}),
        (Open(VIEW), {"response_action": "push", "view": VIEW}),
        (Back(VIEW), {"response_action": "update", "view": VIEW}),
    ],
)
async def test_a_submission_is_answered_in_its_acknowledgement(rig, answer, acknowledged):
    rig.registry.view("a:view")(answering(answer))
    assert await rig.send(submission()) == acknowledged


async def test_a_modal_that_stands_on_another_closes_and_the_one_below_shows_what_came_of_it(rig):
    rig.registry.view("a:view")(answering(Back(VIEW)))
    sent = submission()
    sent["view"] |= {"id": "V2", "root_view_id": "V1", "previous_view_id": "V1"}
    assert await rig.send(sent) is None
    ((name, body),) = rig.slack.called
    assert (name, body["view_id"]) == ("views.update", "V1")


async def test_a_command_is_answered_to_the_person_alone_in_its_acknowledgement(rig):
    rig.registry.command("/thing", "do", help="does it")(answering(Tell(Message("Done", [section("Done")]))))
    answer = await rig.send(command("do it"))
    assert (answer["response_type"], answer["text"]) == ("ephemeral", "Done")


@pytest.mark.parametrize(("text", "words"), [("", "/thing do"), ("help", "/thing do"), ("doo", "Did you mean")])
async def test_no_verb_or_an_unknown_one_gets_help(rig, text, words):
    rig.registry.command("/thing", "do", help="does it")(answering(Nothing()))
    assert words in (await rig.send(command(text)))["text"]


async def test_an_unknown_id_names_the_nearest(rig):
    rig.registry.command("/thing", "do", help="does it")(
        answering(NotFound("There is no KE-99.", ("KE-9", "KE-19")))
    )
    assert (await rig.send(command("do KE-99")))["text"] == "There is no KE-99. Did you mean `KE-9` or `KE-19`?"


async def test_an_error_nobody_foresaw_gives_a_reference_and_nothing_else(rig):
    rig.registry.command("/thing", "do", help="does it")(answering(RuntimeError("password=hunter2")))
    text = (await rig.send(command("do")))["text"]
    assert "reference" in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("answer", "body", "method"),
    [
        (Open(VIEW), click(), "views.open"),
        (Open(VIEW), click(view={**VIEW, "id": "V1", "hash": "h"}), "views.push"),
        (Open(VIEW), click(view={**VIEW, **STACKED, "previous_view_id": "V1"}), "views.push"),
        (Open(VIEW), click(view={**VIEW, **STACKED, "previous_view_id": "V2"}), "views.update"),
        (Tell(Message("Hello")), click(view={**VIEW, **STACKED, "previous_view_id": "V2"}), "views.update"),
        (Change(VIEW), click(view={**VIEW, "id": "V1", "hash": "h"}), "views.update"),
        (Tell(Message("Hello")), click(), "chat.postEphemeral"),
        (Tell(Message("Hello")), click(view={**VIEW, "type": "home", "id": "V1"}), "views.open"),
        (Refused("You may not."), click(), "chat.postEphemeral"),
    ],
)
async def test_what_a_click_calls_for_goes_out_after_its_acknowledgement(rig, answer, body, method):
    rig.registry.action("a:click")(answering(answer))
    assert await rig.send(body) is None
    assert [name for name, _ in rig.slack.called] == [method]


@pytest.mark.parametrize(("answer", "replaces"), [(Replace, True), (Tell, False)])
async def test_what_a_button_of_an_answer_says_takes_its_place_only_when_it_is_to(rig, answer, replaces):
    said: list[dict[str, Any]] = []

    async def hear(request: web.BaseRequest) -> web.Response:
        said.append(json.loads(await request.read()))
        return web.Response(text="ok")

    runner = web.ServerRunner(web.Server(hear))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    rig.registry.action("a:click")(answering(answer(Message("Page 2", [section("Page 2")]))))
    try:
        await rig.send(click(response_url=f"http://127.0.0.1:{runner.addresses[0][1]}/"))
    finally:
        await runner.cleanup()
    ((text, replaced),) = [(one["text"], one["replace_original"]) for one in said]
    assert (text, replaced) == ("Page 2", replaces)


async def test_an_updated_view_carries_the_hash_it_was_made_from(rig):
    rig.registry.action("a:click")(answering(Change(VIEW)))
    await rig.send(click(view={**VIEW, "id": "V1", "hash": "h7"}))
    assert rig.slack.called[0][1]["hash"] == "h7"


def form(**more: Any) -> dict[str, Any]:
    return {**VIEW, "id": "V1", "hash": "h1", **more}


async def test_the_second_of_two_clicks_in_a_row_updates_what_the_first_made_of_the_view(rig):
    rig.slack.answers["views.update"] = {"ok": True, "view": {"id": "V1", "hash": "h2"}}
    rig.registry.action("a:click")(answering(Change(VIEW)))
    await rig.send(click(view=form()))
    await rig.send(click(view=form()))
    await rig.send(click(view=form(hash="h9")))
    assert [arguments["hash"] for _, arguments in rig.slack.called] == ["h1", "h2", "h9"]


async def test_a_view_may_get_a_hash_again_that_it_had_before(rig):
    rig.registry.action("a:click")(answering(Change(VIEW)))
    for seen, becomes in (("h1", "h2"), ("h2", "h1"), ("h1", "h1"), ("h2", "h3")):
        rig.slack.answers["views.update"] = {"ok": True, "view": {"id": "V1", "hash": becomes}}
        await rig.send(click(view=form(hash=seen)))
    assert [arguments["hash"] for _, arguments in rig.slack.called] == ["h1", "h2", "h1", "h1"]


async def test_another_form_is_not_put_over_what_came_in_between(rig):
    other = modal("a:other", "Another view", [section("Words")])
    rig.slack.answers["views.update"] = {"ok": True, "view": {"id": "V1", "hash": "h2"}}
    rig.registry.action("a:click")(answering(Change(other)))
    await rig.send(click(view=form()))
    await rig.send(click(view=form()))
    assert [arguments["hash"] for _, arguments in rig.slack.called] == ["h1", "h1"]


async def test_of_the_updates_that_wait_for_one_only_the_latest_is_made(rig):
    rig.slack.may_answer = asyncio.Event()
    rig.registry.action("a:click")(answering(Change(VIEW)))
    for _ in range(4):
        body = click(view=form())
        await rig.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        await asyncio.sleep(0)
    rig.slack.may_answer.set()
    await rig.dispatcher.drain()
    assert len(rig.slack.called) == 2


async def test_a_submission_that_is_repeated_gets_the_same_answer_and_works_once(rig):
    worked: list[Any] = []

    async def works_once(_desk, incoming):
        worked.append(incoming.person)
        await asyncio.sleep(0)
        return Nothing() if len(worked) == 1 else Wrong({"reason": "Done already."})

    rig.registry.view("a:view")(works_once)
    assert await asyncio.gather(*(rig.send(submission()) for _ in range(3))) == [None, None, None]
    assert await rig.send(submission()) is None
    assert worked == ["U1"]


async def test_what_was_wrong_may_be_submitted_unchanged_once_it_is_right(rig):
    answers = [Wrong({"reason": "Not yet."}), Nothing()]

    async def later(_desk, _incoming):
        return answers.pop(0)

    rig.registry.view("a:view")(later)
    assert (await rig.send(submission()))["response_action"] == "errors"
    assert await rig.send(submission()) is None


async def test_a_refused_modal_without_inputs_says_why_in_its_place(rig):
    rig.registry.view("a:view")(answering(Refused("It is <gone> & over.")))
    body = submission()
    body["view"] = {**body["view"], "blocks": [section("Sure?")]}
    answer = await rig.send(body)
    assert answer["response_action"] == "update"
    assert "It is &lt;gone&gt; &amp; over." in json.dumps(answer["view"])


async def test_under_a_field_words_stand_as_they_are(rig):
    rig.registry.view("a:view")(answering(NotFound("There is no <KE> & 9.", ("KE-9", "KE-19"))))
    assert (await rig.send(submission()))["errors"] == {
        "reason": "There is no <KE> & 9. Did you mean KE-9 or KE-19?"
    }


@pytest.mark.parametrize("kind", ["view_closed", "interactive_message", "something_new"])
async def test_what_nobody_takes_is_acknowledged(rig, kind):
    assert await rig.send({"type": kind, **COMMON, "view": form()}) is None


async def test_a_button_that_carries_less_than_it_does_now_is_from_an_earlier_version(rig):
    async def reads_value(_desk, incoming):
        return Tell(Message(str(incoming.value["r"])))

    rig.registry.action("a:click")(reads_value)
    body = click()
    body["actions"][0]["value"] = '{"v":1}'
    await rig.send(body)
    assert "earlier version" in rig.slack.called[0][1]["text"]


async def test_what_a_global_shortcut_cannot_do_is_said_in_a_modal(rig):
    rig.registry.shortcut("a:shortcut")(answering(Refused("You may not.")))
    assert await rig.send({"type": "shortcut", **COMMON, "callback_id": "a:shortcut"}) is None
    assert [name for name, _ in rig.slack.called] == ["views.open"]


async def test_a_modal_that_slack_opens_no_more_is_not_waited_for_in_silence(rig):
    rig.slack.refusals["views.open"] = "expired_trigger_id"
    rig.registry.action("a:click")(answering(Open(VIEW)))
    await rig.send(click())
    ((_, _), (method, said)) = rig.slack.called
    assert method == "chat.postEphemeral"
    assert "try once more" in said["text"]


async def test_a_response_url_that_is_used_up_does_not_swallow_the_answer(rig):
    async def refuse(_request: web.BaseRequest) -> web.Response:
        return web.Response(status=404, text="used_url")

    runner = web.ServerRunner(web.Server(refuse))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    rig.registry.action("a:click")(answering(Tell(Message("Hello"))))
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        await rig.send(click(response_url=url, container={"type": "message", "channel_id": "C1"}))
    finally:
        await runner.cleanup()
    assert [(name, said["channel"]) for name, said in rig.slack.called] == [("chat.postEphemeral", "C1")]


async def test_a_handler_that_takes_long_is_acknowledged_and_answers_afterwards(rig, monkeypatch):
    monkeypatch.setattr(dispatch, "PATIENCE", 0)
    may_go_on = asyncio.Event()

    async def slow(_desk, _incoming):
        await may_go_on.wait()
        return Tell(Message("At last"))

    rig.registry.action("a:click")(slow)
    response = await rig.app.async_dispatch(AsyncBoltRequest(body=click(), mode="socket_mode"))
    assert response.status == 200
    assert rig.slack.called == []
    may_go_on.set()
    await rig.dispatcher.drain()
    assert [name for name, _ in rig.slack.called] == ["chat.postEphemeral"]


async def test_a_button_of_another_version_is_explained(rig):
    async def reads_value(_desk, incoming):
        return Tell(Message(str(incoming.value)))

    rig.registry.action("a:click")(reads_value)
    body = click()
    body["actions"][0]["value"] = '{"v":99}'
    await rig.send(body)
    assert "earlier version" in rig.slack.called[0][1]["text"]


async def test_options_and_unknown_buttons_are_acknowledged(rig):
    rig.registry.options("a:menu")(
        answering(Choices([{"text": {"type": "plain_text", "text": "One"}, "value": "1"}]))
    )
    body = {"type": "block_suggestion", **COMMON, "action_id": "a:menu", "block_id": "b", "value": "o"}
    assert (await rig.send(body))["options"][0]["value"] == "1"
    assert await rig.send(click()) is None


def test_a_command_is_read_as_it_was_typed():
    assert command_as_typed("search a &lt; b &amp;amp; c &gt; d") == "search a < b &amp; c > d"


def test_links_that_slack_makes_of_typed_words_are_those_words_again():
    assert (
        command_as_typed("show <http://PAY.io|PAY.io> <https://a.b/?c=1&amp;d=2>")
        == "show PAY.io https://a.b/?c=1&d=2"
    )
    assert command_as_typed("&lt;https://a.b|c&gt; <@U1|ann> <!here>") == "<https://a.b|c> <@U1|ann> <!here>"

"""What people do on the page reaches a real app, and what the app does reaches the page."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.page.rendering.surface import field_name
from bot.workspace.workspace import Workspace
from tests.workspace.page.conftest import input_block, mrkdwn, option, plain, post

Json = dict[str, Any]

OPEN = "/as/U0ANN/C0OPEN"

FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("A form"),
    "submit": plain("Send"),
    "blocks": [
        {**input_block({"type": "plain_text_input"}), "block_id": "title"},
        {**input_block({"type": "datetimepicker"}, "When", optional=True), "block_id": "when"},
    ],
}


def row(*elements: Json) -> list[Json]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


async def send(browser: aiohttp.ClientSession, address: str, **form: str) -> str:
    """Post a form; returns the events for the page's script."""
    async with browser.post(address, data=form) as answer:
        assert answer.status in (200, 204)
        return answer.headers.get("HX-Trigger", "")


@pytest.fixture
async def form_open(bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace) -> str:
    """The id of a modal that Ann opened by a command."""

    @bolt.command("/help-me")
    async def answer(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    assert "sent" in await send(browser, f"{OPEN}/say", text="/help-me with this")
    await workspace.idle()
    view = workspace.modal("U0ANN")
    assert view is not None
    return view.id


async def test_a_button_reaches_the_app_as_the_acting_person(
    bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    heard: list[Json] = []

    @bolt.action("go")
    async def act(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body)

    message = post(workspace, blocks=row({"type": "button", "action_id": "go", "text": plain("Go"), "value": "7"}))
    address = f"/as/U0BOB/act/message/C0OPEN/{message.ts}"
    assert await send(browser, address, block_id="row", action_id="go") == ""
    assert (heard[0]["user"]["id"], heard[0]["actions"][0]["value"]) == ("U0BOB", "7")


async def test_a_select_and_an_overflow_carry_their_choice(
    bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    heard: list[str] = []

    @bolt.action({"action_id": "pick"})
    @bolt.action({"action_id": "more"})
    async def act(ack: Any, action: Json) -> None:
        await ack()
        heard.append(action["selected_option"]["value"])

    options = [option("One"), option("Two")]
    message = post(
        workspace,
        blocks=row(
            {"type": "static_select", "action_id": "pick", "options": options},
            {"type": "overflow", "action_id": "more", "options": options},
        ),
    )
    address = f"/as/U0ANN/act/message/C0OPEN/{message.ts}"
    await send(browser, address, block_id="row", action_id="pick", **{field_name("row", "pick"): "two"})
    await send(browser, address, block_id="row", action_id="more", choice="one")
    assert heard == ["two", "one"]


async def test_nobody_presses_what_they_cannot_see(
    bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    message = post(workspace, blocks=row(button), ephemeral_to="U0ANN")
    told = await send(browser, f"/as/U0BOB/act/message/C0OPEN/{message.ts}", block_id="row", action_id="go")
    assert "toast" in told
    assert not [one for one in workspace.traffic if one.kind == "delivery"]


async def test_a_silent_app_is_reported_as_slack_does(
    bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    @bolt.command("/help-me")
    async def silent(body: Json) -> None:
        pass

    told = json.loads(await send(browser, f"{OPEN}/say", text="/help-me"))
    assert told["toast"] == "/help-me failed with the error “operation_timeout”"
    assert "sent" not in told, "what was typed stays in the composer"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"text": "/nonsense"}, "/nonsense is not a valid command"),
        ({"text": "/help-me", "thread": "1.0"}, "not supported in threads"),
    ],
)
async def test_what_is_no_command_here_is_said(
    browser: aiohttp.ClientSession, form: dict[str, str], said: str
) -> None:
    assert said in await send(browser, f"{OPEN}/say", **form)


async def test_a_modal_is_drawn_with_its_inputs(form_open: str, browser: aiohttp.ClientSession) -> None:
    async with browser.get(f"{OPEN}/part/modals") as answer:
        html = await answer.text()
    assert f'<dialog id="modal-{form_open}" class="dialog modal" data-modal aria-label="A form">' in html
    async with browser.get("/as/U0BOB/C0OPEN/part/modals") as answer:
        assert "<dialog" not in await answer.text()


async def test_a_required_input_is_asked_for_before_the_app_is_troubled(
    form_open: str, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    before = len(workspace.traffic)
    async with browser.post(f"/as/U0ANN/view/{form_open}/submit", data={}) as answer:
        html = await answer.text()
    assert "Please complete this required field." in html
    assert 'aria-invalid="true"' in html
    assert len(workspace.traffic) == before


async def test_a_submission_carries_what_was_entered_and_shows_what_the_app_finds_wrong(
    form_open: str, bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    heard: list[Json] = []

    @bolt.view("form")
    async def check(ack: Any, view: Json) -> None:
        heard.append(view["state"]["values"])
        await ack(response_action="errors", errors={"title": "Too <short>"})

    form = {field_name("title", "a"): "Short", field_name("when", "a"): "2026-11-28T10:00"}
    async with browser.post(f"/as/U0ANN/view/{form_open}/submit", data=form) as answer:
        html = await answer.text()
    assert heard[0]["title"]["a"]["value"] == "Short"
    assert heard[0]["when"]["a"]["selected_date_time"] == 1795856400, "entered in Ann's zone"
    assert "Too &lt;short&gt;" in html
    assert 'value="Short"' in html


async def test_a_modal_closes_for_its_owner_only(
    form_open: str, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    await send(browser, f"/as/U0BOB/view/{form_open}/close")
    assert workspace.modal("U0ANN") is not None
    await send(browser, f"/as/U0ANN/view/{form_open}/close", all="1")
    assert workspace.modal("U0ANN") is None


async def test_nobody_submits_or_uses_a_modal_of_somebody_else(
    form_open: str, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    before = len(workspace.traffic)
    form = {field_name("title", "a"): "mine now"}
    assert "toast" in await send(browser, f"/as/U0BOB/view/{form_open}/submit", **form)
    assert "toast" in await send(
        browser, f"/as/U0BOB/act/view/{form_open}", block_id="title", action_id="a", **form
    )
    assert len(workspace.traffic) == before
    view = workspace.view(form_open)
    assert view is not None
    assert view.values["title"]["a"]["value"] is None


async def test_cancel_leaves_the_modal_below_and_the_cross_closes_all(
    form_open: str, bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    @bolt.view("form")
    async def push(ack: Any) -> None:
        await ack(response_action="push", view={**FORM, "callback_id": "second"})

    submit = f"/as/U0ANN/view/{form_open}/submit"
    for button, left in (({}, [form_open]), ({"all": "1"}, [])):
        await send(browser, submit, **{field_name("title", "a"): "x"})
        top = workspace.modal("U0ANN")
        assert top is not None
        assert top.callback_id == "second"
        await send(browser, f"/as/U0ANN/view/{top.id}/close", **button)
        assert [one.id for one in workspace.modals["U0ANN"]] == left


async def test_shortcuts_of_both_kinds_reach_the_app(
    bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    heard: list[str] = []

    @bolt.shortcut("ask")
    @bolt.shortcut("answer")
    async def used(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body["type"])

    message = post(workspace, "help")
    async with browser.get(OPEN) as answer:
        html = await answer.text()
    assert html.count("&#34;callback_id&#34;") == 0, "values travel unharmed in their attribute"
    await send(browser, "/as/U0ANN/shortcut", callback_id="ask")
    await send(browser, "/as/U0ANN/shortcut", callback_id="answer", channel="C0OPEN", ts=message.ts)
    assert heard == ["shortcut", "message_action"]


async def test_the_app_offers_options_for_what_is_typed(
    bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    @bolt.options("find")
    async def offer(ack: Any, payload: Json) -> None:
        await ack(options=[option(f"<{payload['value']}>", "v1")])

    element = {"type": "external_select", "action_id": "find", "min_query_length": 2}
    message = post(workspace, blocks=row(element))
    asked = {"block_id": "row", "action_id": "find", "typed": "pay"}
    async with browser.get(f"/as/U0ANN/suggest/message/C0OPEN/{message.ts}", params=asked) as answer:
        html = await answer.text()
    assert html == '<div role="option" aria-selected="false" data-value="v1" dir="auto">&lt;pay&gt;</div>'


async def test_opening_home_tells_the_app_and_shows_what_it_publishes(
    bolt: AsyncApp, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    @bolt.event("app_home_opened")
    async def publish(event: Json, client: AsyncWebClient) -> None:
        blocks = [{"type": "section", "text": mrkdwn("*Waiting for you*")}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async with browser.get("/as/U0ANN/home") as answer:
        assert answer.status == 200
    await workspace.idle()
    async with browser.get("/as/U0ANN/home/part/home") as answer:
        assert "<b>Waiting for you</b>" in await answer.text()
    async with browser.get("/as/U0BOB/home/part/home") as answer:
        assert "Nothing here yet" in await answer.text()


async def test_the_traffic_shows_both_directions_without_secrets(
    form_open: str, browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    async with browser.get("/as/U0ANN/traffic") as answer:
        html = await answer.text()
    assert "<code>views.open</code>" in html
    assert "<code>/help-me</code>" in html
    entry = next(one for one in workspace.traffic if one.name == "views.open")
    async with browser.get(f"/as/U0ANN/traffic?entry={entry.id}") as answer:
        html = await answer.text()
    assert "&#34;callback_id&#34;: &#34;form&#34;" in html
    assert workspace.app.bot_token not in html


async def next_update(answer: aiohttp.ClientResponse) -> set[str]:
    """The parts to redraw."""
    async for line in answer.content:
        if line.startswith(b"data: "):
            return set(line[6:].decode().split())
    return set()


async def test_an_open_page_hears_what_changes_for_its_person_and_nothing_of_others(
    browser: aiohttp.ClientSession, workspace: Workspace
) -> None:
    async with browser.get("/as/U0ANN/live") as answer, asyncio.timeout(10):
        assert answer.content_type == "text/event-stream"
        post(workspace, "for bob", ephemeral_to="U0BOB")
        workspace.mark_read("U0BOB", "C0OPEN")
        await workspace.say("ann", "other", "for those in there")
        assert await next_update(answer) == {"channel-C0OTHER", "sidebar"}
        workspace.change_person("ann", status_text="away")
        assert await next_update(answer) == {"everything"}


async def test_an_open_page_does_not_keep_the_server_from_stopping() -> None:
    from bot.workspace.server.server import serve
    from tests.workspace.conftest import make_workspace

    workspace = make_workspace()
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        async with serve(workspace):
            answer = await session.get(f"{workspace.base_url}/as/U0ANN/live")
        assert await next_update(answer) == set()

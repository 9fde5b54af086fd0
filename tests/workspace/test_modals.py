"""Modals that a real Bolt app opens: filled, refused, stacked, updated and closed."""

from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.workspace import Workspace
from bot.workspace.world.errors import ActRefused, DeliveryFailed
from tests.workspace.sample_app import (
    FORM,
    Json,
    answer_submissions,
    modal,
    open_form,
    open_on_command,
    option,
    plain,
    text_input,
)


async def test_a_modal_is_opened_filled_submitted_and_closed(workspace: Workspace, bolt: AsyncApp) -> None:
    open_on_command(bolt)
    heard = answer_submissions(bolt)
    view_id = await open_form(workspace)
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
    open_on_command(bolt)
    heard = answer_submissions(bolt)
    view_id = await open_form(workspace)
    answer = await workspace.submit("ann", view_id, {})
    assert answer["errors"] == {"title": "Please complete this required field."}
    answer = await workspace.submit("ann", view_id, {"title": "x" * 21})
    assert "at most 20" in answer["errors"]["title"]
    assert heard == []
    assert workspace.modal("U0ANN") is not None


async def test_errors_stand_under_their_inputs_and_what_was_typed_stays(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    open_on_command(bolt)
    answer_submissions(bolt, response_action="errors", errors={"title": "Taken"})
    view_id = await open_form(workspace)
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
    open_on_command(bolt)

    @bolt.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**answer)

    view_id = await open_form(workspace)
    with pytest.raises(DeliveryFailed) as caught:
        await workspace.submit("ann", view_id, {"title": "Hello"})
    assert caught.value.code == code
    assert workspace.modal("U0ANN") is not None


async def test_modals_stack_three_deep_and_clear_at_once(workspace: Workspace, bolt: AsyncApp) -> None:
    open_on_command(bolt)
    answers: list[Json] = [
        {"response_action": "push", "view": modal(text_input("b", "B"))},
        {"response_action": "push", "view": modal(text_input("c", "C"))},
        {"response_action": "push", "view": modal(text_input("d", "D"))},
        {"response_action": "clear"},
    ]

    @bolt.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**answers.pop(0))

    first = await open_form(workspace)
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
    open_on_command(bolt)

    @bolt.action("kind")
    async def kind_chosen(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(*FORM["blocks"], {"type": "divider"})
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    view_id = await open_form(workspace)
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
    open_on_command(bolt, {**FORM, "notify_on_close": True})
    heard: list[Json] = []

    @bolt.view_closed("form")
    async def closed(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    view_id = await open_form(workspace)
    await workspace.close("ann", view_id)
    assert (heard[0]["view"]["id"], heard[0]["is_cleared"]) == (view_id, False)
    assert workspace.modal("U0ANN") is None


async def test_an_external_select_asks_the_app_from_the_third_letter_on(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    select = {"type": "external_select", "action_id": "who"}
    form = modal({"type": "input", "block_id": "who", "label": plain("Who"), "element": select})
    open_on_command(bolt, form)
    heard = answer_submissions(bolt)

    @bolt.options("who")
    async def suggest(ack: Any, body: Json) -> None:
        await ack(options=[option(body["value"] + "!")])

    view_id = await open_form(workspace)
    assert await workspace.suggest("ann", view_id, "who", "who", "ab") == []
    assert await workspace.suggest("ann", view_id, "who", "who", "abc") == [option("abc!")]
    with pytest.raises(ActRefused, match="not among"):
        await workspace.submit("ann", view_id, {"who": "xyz"})
    await workspace.submit("ann", view_id, {"who": "abc!"})
    assert heard[0]["view"]["state"]["values"]["who"]["who"]["selected_option"] == option("abc!")


async def test_suggestions_that_slack_would_refuse_fail(workspace: Workspace, bolt: AsyncApp) -> None:
    select = {"type": "external_select", "action_id": "who", "min_query_length": 0}
    open_on_command(bolt, modal({"type": "input", "block_id": "who", "label": plain("Who"), "element": select}))

    @bolt.options("who")
    async def suggest(ack: Any) -> None:
        await ack(options=[{"text": plain("x" * 76), "value": "x"}])

    view_id = await open_form(workspace)
    with pytest.raises(DeliveryFailed, match="invalid_options"):
        await workspace.suggest("ann", view_id, "who", "who", "")

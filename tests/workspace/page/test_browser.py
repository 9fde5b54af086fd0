"""The page in a real browser, with a real app behind it: what redrawing keeps, and the keyboard."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Route, async_playwright, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.workspace import Workspace
from bot.workspace.world.views import replace_view
from tests.workspace.page.conftest import input_block, mrkdwn, option, plain, post

Json = dict[str, Any]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (Debian: apt install chromium)"
)


def form(*, with_note: bool = False) -> Json:
    """A modal whose select makes the app add a line; `with_note` is the modal with that line."""
    service = input_block({"type": "static_select", "options": [option("Pay"), option("Web")]}, "Service")
    blocks = [
        {**service, "block_id": "service", "dispatch_action": True},
        {**input_block({"type": "plain_text_input"}), "block_id": "title"},
        {**input_block({"type": "multi_users_select"}, "People", optional=True), "block_id": "people"},
        {
            **input_block({"type": "external_select", "min_query_length": 1}, "Item", optional=True),
            "block_id": "item",
        },
    ]
    if with_note:
        blocks.insert(1, {"type": "context", "block_id": "note", "elements": [mrkdwn("Next window: *Thursday*")]})
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": blocks,
    }


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(chromium: Browser, workspace: Workspace) -> AsyncIterator[Page]:
    """Ann's window. Any error or warning in its console fails the test, refused scripts and styles included."""
    context = await chromium.new_context(viewport={"width": 1200, "height": 800}, base_url=workspace.base_url)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert complaints == []


@pytest.fixture
def submitted(bolt: AsyncApp) -> list[Json]:
    """Values submitted to an app whose command opens the form."""
    values: list[Json] = []

    @bolt.command("/help-me")
    async def opens(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @bolt.action("a")
    async def chosen(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        if "view" in body:
            await client.views_update(view_id=body["view"]["id"], view=form(with_note=True))

    @bolt.options("a")
    async def offer(ack: Any) -> None:
        await ack(options=[option("pay-db", "ci-1"), option("pay-web", "ci-2")])

    @bolt.view("form")
    async def taken(ack: Any, view: Json) -> None:
        await ack()
        values.append(view["state"]["values"])

    return values


async def open_form(page: Page) -> Locator:
    await page.goto("/as/U0ANN/C0OPEN")
    composer = page.get_by_label("Message #open")
    await composer.fill("/help-me")
    await composer.press("Enter")
    dialog = page.get_by_role("dialog", name="A form")
    await expect(dialog).to_be_visible()
    return dialog


async def test_what_is_typed_in_a_modal_outlives_updates_that_do_not_know_of_it(
    page: Page, submitted: list[Json], workspace: Workspace
) -> None:
    dialog = await open_form(page)
    await dialog.get_by_label("Title").fill("Card payments 9.2")
    (view,) = workspace.modals["U0ANN"]
    for with_note in (True, False, True):
        replace_view(workspace, view, form(with_note=with_note))
        await expect(dialog.get_by_text("Next window")).to_have_count(int(with_note))
    await expect(dialog.get_by_label("Title")).to_have_value("Card payments 9.2")


async def test_what_is_typed_in_a_modal_outlives_its_update(page: Page, submitted: list[Json]) -> None:
    dialog = await open_form(page)
    await dialog.get_by_label("Title").fill("Card payments 9.2")
    await dialog.get_by_label("Service").select_option("Pay")
    await expect(dialog.get_by_text("Next window")).to_be_visible()
    await expect(dialog.get_by_label("Title")).to_have_value("Card payments 9.2")
    await expect(dialog.get_by_label("Title")).to_be_focused()
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    assert submitted[0]["title"]["a"]["value"] == "Card payments 9.2"
    assert submitted[0]["service"]["a"]["selected_option"]["value"] == "pay"


async def test_a_refused_submission_keeps_what_was_typed_and_leads_to_the_mistake(
    page: Page, submitted: list[Json]
) -> None:
    dialog = await open_form(page)
    await dialog.get_by_label("Service").select_option("Web")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")
    await expect(dialog.get_by_label("Title")).to_be_focused()
    await expect(dialog.get_by_label("Service")).to_have_value("web")
    assert submitted == []


async def test_pickers_work_by_keyboard_and_carry_what_was_chosen(page: Page, submitted: list[Json]) -> None:
    dialog = await open_form(page)
    await dialog.get_by_label("Service").select_option("Pay")
    await dialog.get_by_label("Title").fill("x")
    people = dialog.get_by_label("People", exact=True)
    await people.press_sequentially("bob")
    await people.press("Enter")
    await expect(dialog.get_by_role("button", name="Remove Bob Baker")).to_be_visible()
    item = dialog.get_by_label("Item", exact=True)
    await item.press_sequentially("pay")
    await expect(dialog.get_by_role("option", name="pay-web")).to_be_visible()
    await item.press("ArrowDown")
    await item.press("Enter")
    await expect(dialog.get_by_role("button", name="Remove pay-web")).to_be_visible()
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    assert submitted[0]["people"]["a"]["selected_users"] == ["U0BOB"]
    assert submitted[0]["item"]["a"]["selected_option"]["value"] == "ci-2"


async def test_escape_closes_a_modal_and_the_focus_returns(page: Page, submitted: list[Json]) -> None:
    dialog = await open_form(page)
    await expect(dialog.get_by_label("Service")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_label("Message #open")).to_be_focused()


async def test_news_disturbs_neither_a_draft_nor_an_open_menu(
    page: Page, bolt: AsyncApp, workspace: Workspace
) -> None:
    more = {"type": "overflow", "action_id": "more", "options": [option("Edit"), option("History")]}
    post(workspace, blocks=[{"type": "actions", "block_id": "row", "elements": [more]}])
    await page.goto("/as/U0ANN/C0OPEN")
    await page.get_by_label("Message #open").fill("half a sen")
    await page.get_by_role("button", name="More actions").click()
    await expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await workspace.say("bob", "open", "something new")
    await expect(page.get_by_text("something new")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="History")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More actions")).to_be_focused()
    await expect(page.get_by_label("Message #open")).to_have_value("half a sen")


async def test_a_card_changes_before_ones_eyes_after_a_confirmed_click(
    page: Page, bolt: AsyncApp, client: AsyncWebClient
) -> None:
    confirm = {
        "title": plain("Reject it?"),
        "text": plain("For good."),
        "confirm": plain("Reject"),
        "deny": plain("Keep"),
    }
    button = {"type": "button", "action_id": "no", "text": plain("Reject"), "style": "danger", "confirm": confirm}
    row = {"type": "actions", "block_id": "row", "elements": [button]}

    @bolt.action("no")
    async def rejected(ack: Any, body: Json) -> None:
        await ack()
        done = [{"type": "section", "text": mrkdwn("*Rejected*")}]
        await client.chat_update(channel="C0OPEN", ts=body["message"]["ts"], text="Rejected", blocks=done)

    await client.chat_postMessage(channel="C0OPEN", text="A card", blocks=[row])
    await page.goto("/as/U0ANN/C0OPEN")
    await page.get_by_role("button", name="Reject").click()
    await page.get_by_role("dialog", name="Reject it?").get_by_role("button", name="Keep").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("button", name="Reject").click()
    await page.get_by_role("dialog", name="Reject it?").get_by_role("button", name="Reject").click()
    await expect(page.get_by_text("Rejected", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Reject")).to_have_count(0)
    await expect(page.get_by_text("(edited)")).to_be_visible()


async def test_a_slash_offers_commands_and_a_silent_app_is_reported(page: Page, bolt: AsyncApp) -> None:
    await page.goto("/as/U0ANN/C0OPEN")
    composer = page.get_by_label("Message #open")
    await composer.press_sequentially("/h")
    await expect(page.get_by_role("option")).to_have_text(["/help-me [words]Ask for help"])
    await composer.press("Tab")
    await expect(composer).to_have_value("/help-me ")
    await composer.press_sequentially("now")
    await composer.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("/help-me failed with the error")
    await expect(composer).to_have_value("/help-me now")


async def hold_back(page: Page, addresses: str) -> asyncio.Event:
    """Hold back the page's requests to these addresses until the event is set."""
    release = asyncio.Event()

    async def wait(route: Route) -> None:
        await release.wait()
        await route.continue_()

    await page.route(addresses, wait)
    return release


async def test_what_happens_before_the_news_begin_is_caught_up_with(page: Page, workspace: Workspace) -> None:
    release = await hold_back(page, "**/live")
    await page.goto("/as/U0ANN/C0OPEN")
    post(workspace, "in between")
    await expect(page.get_by_text("in between")).to_have_count(0)
    release.set()
    await expect(page.get_by_text("in between")).to_be_visible()


async def test_a_click_does_not_wait_for_a_part_that_is_being_redrawn(
    page: Page, bolt: AsyncApp, workspace: Workspace
) -> None:
    heard = asyncio.Event()

    @bolt.action("go")
    async def act(ack: Any) -> None:
        await ack()
        heard.set()

    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    post(workspace, blocks=[{"type": "actions", "block_id": "row", "elements": [button]}])
    release = await hold_back(page, "**/part/messages**")
    async with page.expect_request("**/part/messages**"):
        await page.goto("/as/U0ANN/C0OPEN")
    await page.get_by_role("button", name="Go").click()
    async with asyncio.timeout(10):
        await heard.wait()
    release.set()


async def test_two_windows_act_as_two_people(page: Page, chromium: Browser, workspace: Workspace) -> None:
    other = await chromium.new_page(base_url=workspace.base_url)
    await page.goto("/as/U0ANN/C0OPEN")
    await other.goto("/as/U0BOB/C0OPEN")
    await page.get_by_label("Message #open").fill("hello Bob")
    await page.keyboard.press("Enter")
    await expect(other.get_by_role("article", name="Ann Archer").get_by_text("hello Bob")).to_be_visible()
    await expect(page.get_by_label("Message #open")).to_have_value("")
    await other.close()


async def test_a_data_table_turns_its_pages_and_sorts_and_stays_so(page: Page, workspace: Workspace) -> None:
    cells: list[list[Json]] = [[{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Cases"}]]
    cells += [
        [{"type": "raw_text", "text": f"n{n}"}, {"type": "raw_number", "value": n * 3 % 10}] for n in range(9)
    ]
    post(
        workspace, blocks=[{"type": "data_table", "block_id": "t", "caption": "All", "page_size": 4, "rows": cells}]
    )
    await page.goto("/as/U0ANN/C0OPEN")
    names = page.locator("tbody tr:visible th")
    await page.get_by_role("button", name="Next page").click()
    await expect(names).to_have_text(["n4", "n5", "n6", "n7"])
    await page.get_by_role("button", name="Cases").click()
    await expect(names).to_have_text(["n0", "n7", "n4", "n1"])
    await workspace.say("bob", "open", "look")
    await expect(page.get_by_text("look")).to_be_visible()
    await expect(names).to_have_text(["n0", "n7", "n4", "n1"])


async def test_a_conversation_follows_its_end_unless_one_reads_further_up(page: Page, workspace: Workspace) -> None:
    for number in range(40):
        post(workspace, f"line {number}")
    await page.goto("/as/U0ANN/C0OPEN")
    await expect(page.get_by_text("line 39")).to_be_in_viewport()
    post(workspace, "the newest")
    await expect(page.get_by_text("the newest")).to_be_in_viewport()
    await page.get_by_role("log").evaluate("log => { log.scrollTop = 0 }")
    await expect(page.get_by_text("line 0", exact=True)).to_be_in_viewport()
    post(workspace, "later still")
    await expect(page.get_by_text("later still")).to_be_attached()
    await expect(page.get_by_text("line 0", exact=True)).to_be_in_viewport()


async def test_a_narrow_window_has_a_drawer_and_nothing_beside_its_edge(page: Page, workspace: Workspace) -> None:
    post(workspace, "x" * 10_000)
    post(workspace, blocks=[{"type": "section", "block_id": "s", "text": mrkdwn("`" + "y" * 2_000 + "`")}])
    await page.set_viewport_size({"width": 360, "height": 640})
    await page.goto("/as/U0ANN/C0OPEN")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert await page.get_by_role("log").evaluate("log => log.scrollWidth <= log.clientWidth")
    link = page.get_by_role("link", name="other")
    await expect(link).to_be_hidden()
    await page.get_by_role("button", name="Channels").click()
    await expect(link).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(link).to_be_hidden()


async def test_the_keyboard_reaches_the_conversation_first(page: Page) -> None:
    await page.goto("/as/U0ANN/traffic")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the conversation")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await skip.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_the_clock_moves_for_every_open_window(page: Page, workspace: Workspace) -> None:
    await page.goto("/as/U0ANN/C0OPEN")
    shown = page.locator(".clock-time")
    before = await shown.get_attribute("datetime")
    await page.get_by_role("button", name="+1 day").click()
    await expect(shown).not_to_have_attribute("datetime", before or "")
    await workspace.clock.move(by=timedelta(days=1))
    expected = f"{workspace.clock.now():%Y-%m-%d}"
    await expect(shown).to_have_attribute("datetime", re.compile(f"^{expected}"))

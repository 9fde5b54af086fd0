"""The whole journey in a real browser, by keyboard and mouse, as the README's tour tells it.

With SCREENSHOTS naming a folder the pictures of the README are taken on the way.
"""

import os
import re
import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.demo.run import demo
from bot.workspace.state import Workspace
from tests.journeys.conftest import slots

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = os.environ.get("SCREENSHOTS")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        await opened.close()


@pytest.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with demo(0, tmp_path) as (made, _):
        made.rates.multiplier = None
        yield made


class Person:
    """Somebody at their browser."""

    def __init__(self, page: Page, workspace: Workspace) -> None:
        self.page = page
        self._workspace = workspace

    async def go(self, person: str, place: str) -> None:
        """Act as ``person`` in a channel, or on the Home."""
        await self.page.goto(f"{self._workspace.base_url}/as/{person}/{place}")

    async def type(self, line: str) -> None:
        """Type a line into the composer and send it."""
        composer = self.page.locator("textarea").first
        await composer.fill(line)
        await composer.press("Enter")

    def card(self, title: str) -> Locator:
        """The message whose card has this title."""
        return self.page.get_by_role("article").filter(has_text=title).last

    async def picture(self, name: str) -> None:
        """Take a picture for the README, when asked to."""
        if PICTURES:
            await self.page.wait_for_timeout(600)
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def test_the_tour_of_the_readme(browser: Browser, workspace: Workspace):
    page = await browser.new_page(viewport={"width": 1280, "height": 860}, timezone_id="Europe/Amsterdam")
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    me = Person(page, workspace)

    await me.go("U0ANN", "C0PAY")
    await me.type("/release request")
    form = page.get_by_role("dialog", name="Request a release")
    await expect(form).to_be_visible()
    start = next(one for one in slots(workspace.clock.now()) if one.hour == 13)
    await _fill(form, start)
    await me.picture("request")
    await form.get_by_role("button", name="Request", exact=True).click()
    await expect(form).to_be_hidden()

    card = me.card("Instalments 1.0")
    await expect(card).to_contain_text("Waiting for approval", timeout=40_000)  # behind the demo's own cards
    await me.picture("card")
    await card.get_by_role("button", name="Approve").click()
    await expect(page.get_by_text(re.compile("You requested .* so somebody else"))).to_be_visible()

    for person in ("U0RITA", "U0OLGA"):
        await me.go(person, "C0PAY")
        await me.card("Instalments 1.0").get_by_role("button", name="Approve").click()
        waits = "owner 0 of 1" if person == "U0RITA" else "Approved"
        await expect(me.card("Instalments 1.0")).to_contain_text(waits)

    await me.go("U0RITA", "C0PAY")
    await workspace.clock.move(to=start - timedelta(days=7, minutes=-1))
    await me.card("Instalments 1.0").get_by_role("link", name=re.compile("repl")).first.click()
    reminder = page.get_by_role("article").filter(has_text="Announce the release to users").last
    await expect(reminder.get_by_role("button", name="Done")).to_be_visible()
    await me.picture("reminder")
    await reminder.get_by_role("button", name="Done").click()
    await expect(reminder.get_by_role("button", name="Done")).to_be_hidden()

    await _build_and_test(me)
    await me.go("U0DANA", "C0PAY")
    await me.card("Instalments 1.0").get_by_role("button", name="Start deployment").click()
    await page.get_by_role("dialog").get_by_role("button", name="Start", exact=True).click()
    await expect(me.card("Instalments 1.0")).to_contain_text("Deploying")
    await me.card("Instalments 1.0").get_by_role("button", name="Mark deployed").click()
    await expect(me.card("Instalments 1.0")).to_contain_text("Deployed")

    await me.go("U0PIA", "C0DESK")
    await me.type("/known-error search refund twice")
    await expect(page.get_by_text("Refund shows twice").first).to_be_visible()
    await me.picture("search")
    await me.type("/incident link INC0910070 ke-1.")
    await expect(page.get_by_text("INC0910070").last).to_be_visible()

    await me.go("U0MAX", "C0MGMT")
    await _move_to_the_next_digest(workspace)
    await expect(page.get_by_text("Adoption").first).to_be_visible()
    await page.set_viewport_size({"width": 1280, "height": 1560})
    await me.picture("digest")
    await page.set_viewport_size({"width": 1280, "height": 860})

    await me.go("U0RITA", "home")
    await expect(page.get_by_text("Waiting for you")).to_be_visible()
    await me.picture("home")
    assert errors == []


async def _build_and_test(me: Person) -> None:
    page, title = me.page, "Instalments 1.0"
    await me.go("U0BEN", "C0PAY")
    await me.card(title).get_by_role("button", name="Start build").click()
    await me.card(title).get_by_role("button", name="Record build").click()
    form = page.get_by_role("dialog", name="Record build")
    for label in ("What was built", "Source", "Revision", "Checksum or link", "Pre-handover check"):
        await form.get_by_label(label).fill("instalments 1.0, tag v1.0.0")
    await form.get_by_role("button", name="Record", exact=True).click()
    await me.go("U0TOM", "C0PAY")
    await _meet_criteria(me, title, (7, 6))
    await me.card(title).get_by_role("button", name="Start test").click()
    await expect(me.card(title)).to_contain_text("In test")
    await me.card(title).get_by_role("button", name="Record test result").click()
    form = page.get_by_role("dialog", name="Record test result")
    await form.get_by_label("Component").fill("pay-api")
    await form.get_by_label("Result").select_option("passed")
    await form.get_by_role("button", name="Record", exact=True).click()
    await expect(page.get_by_text("1 component passed").first).to_be_visible()
    await _close_answer(me)
    await me.card(title).get_by_role("button", name="Tests", exact=True).wait_for()
    await _meet_criteria(me, title, (5, 4, 3))
    await me.card(title).get_by_role("button", name="Accept tests").click()
    form = page.get_by_role("dialog", name="Accept tests")
    await form.get_by_label("Fit for purpose").fill("Customers pay in three instalments")
    await form.get_by_label("Fit for use").fill("Holds twice the usual load")
    await form.get_by_role("button", name="Accept tests", exact=True).click()
    await expect(me.card(title)).to_contain_text("Tested")
    await me.go("U0RITA", "C0PAY")
    await me.card(title).get_by_role("button", name="Go", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Go", exact=True).click()
    await expect(me.card(title)).to_contain_text("Go by Rita")


async def _meet_criteria(me: Person, title: str, left: tuple[int, ...]) -> None:
    """Meet the next open criterion, from the answer to the command, for each number that is ``left`` before it."""
    page = me.page
    for count in left:
        identifier = (await me.card(title).locator("code").first.inner_text()).strip()
        await me.type(f"/release criteria {identifier}")
        listed = page.get_by_role("article").filter(has_text=f"{count} of 7 are open").last
        await listed.get_by_role("button", name="Met").first.click()
        form = page.get_by_role("dialog", name="Met")
        await form.get_by_label("Evidence").fill("https://wiki.example/evidence")
        await form.get_by_role("button", name="Met", exact=True).click()
        await expect(page.get_by_role("dialog", name="Release Desk")).to_be_visible()
        await _close_answer(me)


async def _close_answer(me: Person) -> None:
    """Close the modal that shows what came of a form."""
    await me.page.reload()
    await me.page.get_by_role("dialog").get_by_role("button", name="Close").first.click()
    await expect(me.page.get_by_role("dialog")).to_be_hidden()


async def _fill(form: Locator, start: datetime) -> None:
    await form.get_by_label("Type").select_option("minor")
    await form.get_by_label("Title").fill("Instalments 1.0")
    await form.get_by_label("What changes and why").fill(
        "Customers pay in three instalments. Asked for by *every* second merchant; <!channel> stays quiet."
    )
    await form.get_by_label("Authorised changes").fill("CHG0000141")
    await form.get_by_label("Window start").fill(f"{start:%Y-%m-%dT%H:%M}")
    await form.get_by_label("Window end").fill(f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    await form.get_by_label("Deployment method").select_option("blue-green")
    await form.get_by_label("Back-out plan").fill("Switch back to the blue side; it keeps running for a day.")


async def _move_to_the_next_digest(workspace: Workspace) -> None:
    local = workspace.clock.now().astimezone(AMSTERDAM)
    morning = local.replace(hour=9, minute=1, second=0) + timedelta(days=1)
    while morning.weekday() > 4:
        morning += timedelta(days=1)
    await workspace.clock.move(to=morning)

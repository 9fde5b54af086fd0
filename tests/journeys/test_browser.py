"""The README's tour in a real browser, by keyboard and mouse.

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
from bot.workspace.workspace import Workspace
from tests.journeys.conftest import be_patient, slots
from tests.journeys.test_calendar_journey import subscribed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = os.environ.get("SCREENSHOTS")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

expect.set_options(timeout=20_000)  # a busy machine is no failure

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
        made.rate_limits.multiplier = None
        be_patient(made)
        yield made


class Person:
    """Somebody at their browser; whom they act as changes."""

    def __init__(self, page: Page, workspace: Workspace) -> None:
        self.page = page
        self.workspace = workspace

    def now(self) -> datetime:
        """The moment that the workspace's clock shows."""
        return self.workspace.clock.now()

    def messages(self, person: str) -> str:
        """The conversation between ``person`` and Release Desk."""
        return self.workspace.direct(self.workspace.app.bot_user, person).id

    async def go(self, person: str, place: str) -> None:
        """Act as ``person`` in a channel, or on the Home."""
        await self.page.goto(f"{self.workspace.base_url}/as/{person}/{place}")

    async def type(self, line: str) -> None:
        """Type a line into the composer and send it."""
        composer = self.page.locator("textarea").first
        await composer.fill(line)
        await composer.press("Enter")

    def card(self, title: str) -> Locator:
        """The message whose card has this title."""
        return self.page.get_by_role("article").filter(has_text=title).last

    async def press(self, title: str, caption: str) -> None:
        """Press the button captioned ``caption`` on the card with this title, once it is there."""
        await self.card(title).get_by_role("button", name=caption, exact=True).first.click()

    async def confirm(self, caption: str) -> None:
        """Press the button captioned ``caption`` in the dialog, and see that the dialog goes."""
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("button", name=caption, exact=True).last.click()
        await expect(dialog).to_be_hidden()

    async def picture(self, name: str) -> None:
        """Take a picture for the README, when asked to."""
        if PICTURES:
            await self.page.wait_for_timeout(600)
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


@pytest.fixture
async def me(browser: Browser, workspace: Workspace) -> AsyncIterator[Person]:
    """A person whose page has shown no error by the end."""
    page = await browser.new_page(viewport={"width": 1280, "height": 860}, timezone_id="Europe/Amsterdam")
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Person(page, workspace)
    assert errors == []


async def test_a_major_release_goes_through_every_gate_with_each_role_played_by_another(me: Person):
    page, title = me.page, "Instalments 1.0"
    await me.go("U0ANN", "C0PAY")
    await expect(me.card("Fraud rules 11")).to_be_visible(timeout=40_000)
    await me.type("/release request")
    form = page.get_by_role("dialog", name="Request a release")
    await _see_what_policy_says(me, form)
    start = next(one for one in slots(me.now() + timedelta(days=7)) if one.hour == 13)
    await form.get_by_label("Type").select_option("major")
    await _choose(form, start, "In order: notice, windows, freezes")
    await expect(form).to_contain_text("Documents that a major release needs: release notes, training material")
    await expect(form).not_to_contain_text("Not allowed")
    await _fill(form)
    await form.get_by_role("button", name="Request", exact=True).click()
    await expect(form).to_be_hidden()

    card = me.card(title)
    await expect(card).to_contain_text("Waiting for approval", timeout=40_000)  # behind the demo's own cards
    await me.picture("card")
    await me.press(title, "Approve")
    await expect(page.get_by_text(re.compile("You requested .* so somebody else"))).to_be_visible()
    for person, state in (("U0TOM", "owner 0 of 1"), ("U0RITA", "owner 0 of 1"), ("U0OLGA", "Approved")):
        await me.go(person, "C0PAY")
        await me.press(title, "Approve")
        await expect(card).to_contain_text(state)

    await _build_and_test(me, title)
    await me.go("U0RITA", "C0PAY")
    await me.press(title, "Go")
    await me.confirm("Go")
    await expect(card).to_contain_text("Go by Rita")
    await me.workspace.clock.move(to=start)
    await me.go("U0DANA", "C0PAY")
    await me.press(title, "Start deployment")
    await me.confirm("Start")
    await me.press(title, "Mark deployed")
    await me.press(title, "Verify")
    await me.go("U0LENA", "C0PAY")
    await me.press(title, "Start early life support")
    await expect(card).to_contain_text("In early life support")
    await me.press(title, "Criteria")
    await _meet(me, ("1 of 9 are open", "all 9 are settled"))
    await me.press(title, "Hand over")
    await me.go("U0OMAR", "C0PAY")
    await me.press(title, "Accept handover")
    await expect(card).to_contain_text("Handed over since")
    await me.go("U0OLGA", "C0PAY")
    await me.press(title, "Review")
    review = page.get_by_role("dialog", name="Review")
    await review.get_by_label("Did it do what it was for?").select_option("yes")
    await review.get_by_label("What shows it").fill("Every fifth order is paid in instalments.")
    await me.confirm("Save")
    await expect(card.get_by_role("button", name="Retire")).to_be_visible()


async def test_an_emergency_goes_first_and_collects_its_approvals_afterwards(me: Person):
    page, title = me.page, "Sign-in 2.0.1"
    await me.go("U0ANN", "C0WEB")
    await me.type("/release request")
    form = page.get_by_role("dialog", name="Request a release")
    await form.get_by_label("Type").select_option("emergency")
    start = me.now().astimezone(AMSTERDAM) + timedelta(minutes=5)
    await _choose(form, start, "In order: collisions", lasts=timedelta(minutes=15))
    await _fill(form, title, "rolling")
    await form.get_by_role("button", name="Request", exact=True).click()
    card = me.card(title)
    await expect(card).to_contain_text("Waiting for approval", timeout=40_000)
    await me.go("U0RITA", "C0WEB")
    await me.press(title, "Approve")
    await expect(card).to_contain_text("Approved since")
    await me.press(title, "Start deployment")
    await me.confirm("Start")
    await expect(
        page.get_by_text("is being deployed. It has to be marked deployed or backed out first")
    ).to_be_visible()
    await page.get_by_role("button", name="Override", exact=True).click()
    override = page.get_by_role("dialog", name="Override")
    await override.get_by_label("Reason").fill("Sign-in and basket share nothing.")
    await override.get_by_role("button", name="Override", exact=True).click()
    await expect(card).to_contain_text("Overridden by Rita")
    await me.go("U0SAM", "C0WEB")
    await me.press(title, "Start deployment")
    await me.confirm("Start")
    await me.press(title, "Mark deployed")
    await expect(card).to_contain_text("Approvals afterwards - owner 0 of 1")
    await me.press(title, "Approve")
    await expect(page.get_by_text("It waits for owner, test manager, so this is for").last).to_be_visible()

    await me.go("U0OLGA", "home")
    for name in ("Checkout 4.1.1", title):  # the demo's own, and this one: the first that is due stands there
        await expect(page.get_by_text(f"{name} - Web shop - went first, owes").first).to_be_visible()
        await page.locator("button[data-block-id^='owed-']").first.click()
        await expect(page.get_by_text(f"{name} - Web shop - went first, owes")).to_have_count(0)
    await me.go("U0TOM", "C0WEB")
    await me.press(title, "Approve")
    await expect(card).to_contain_text("test manager 1 of 1 (Tom de Wit) - complete")
    await expect(me.card("Checkout 4.1.1")).to_contain_text("test manager 0 of 1")


async def test_two_teams_fight_for_one_environment_and_what_went_another_way_is_told(me: Person):
    page = me.page
    await me.go("U0EVA", "home")
    await expect(page.get_by_text("1 request for an environment that you manage waits")).to_be_visible(
        timeout=40_000
    )
    await me.go("U0EVA", me.messages("U0EVA"))
    asked = me.card("Sam Keller asks for Test")
    await expect(asked).to_contain_text("In the way")
    await asked.get_by_role("button", name="Grant").click()
    await expect(page.get_by_role("dialog", name="Grant")).to_contain_text("Tom de Wit")
    await me.confirm("Grant")
    await expect(asked.get_by_role("button")).to_have_count(0)
    await me.go("U0TOM", me.messages("U0TOM"))
    await expect(page.get_by_text("gave Test to somebody else: your booking ends")).to_be_visible()
    await me.go("U0SAM", me.messages("U0SAM"))
    await expect(page.get_by_text("granted your request").last).to_be_visible()

    await me.go("U0SAM", "C0WEB")
    question = me.card("that belongs to no release known here")
    await question.get_by_role("button", name="Nobody recorded it").click()
    await expect(me.card("said that nobody recorded it")).to_contain_text("hotfix/price-rounding")
    await expect(me.card("Cookie banner 1.2")).to_contain_text("The regulator's deadline is noon tomorrow")
    await me.go("U0OLGA", "C0WEB")
    await me.type("/release delegate list")
    await expect(page.get_by_text("Petra Novak stands in for you from")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()


async def test_first_line_time_and_the_managers_morning(me: Person):
    page = me.page
    await me.go("U0PIA", "C0DESK")
    await me.type("/known-error search refund twice")
    await expect(page.get_by_text("Refund shows twice").first).to_be_visible()
    await me.picture("search")
    await me.type("/incident link INC0910070 ke-1.")
    await expect(page.get_by_text("INC0910070").last).to_be_visible()
    await me.type("/release calendar")
    address = page.get_by_text(re.compile(r"^http\S+/calendar/[\w-]+\.ics$")).last
    calendar = await subscribed((await address.inner_text()).strip())
    assert calendar["PAY-2026.006"] == "CONFIRMED"

    await me.go("U0RITA", "C0PAY")
    await expect(me.card("Card payments 9.2")).to_contain_text("Train first line", timeout=40_000)
    await me.workspace.clock.move(to=_window_of(me, "Card payments 9.2") - timedelta(days=5, minutes=-1))
    await me.card("Card payments 9.2").get_by_role("link", name=re.compile("repl")).first.click()
    reminder = page.get_by_role("article").filter(has_text="Train first line").last
    await expect(reminder.get_by_role("button", name="Done")).to_be_visible()
    await me.picture("reminder")
    await reminder.get_by_role("button", name="Done").click()
    await expect(reminder.get_by_role("button", name="Done")).to_be_hidden()

    await me.go("U0MAX", "C0MGMT")
    await _move_to_the_next_digest(me)
    await expect(page.get_by_text("Adoption").first).to_be_visible()
    await page.set_viewport_size({"width": 1280, "height": 1720})
    await me.picture("digest")
    await page.set_viewport_size({"width": 1280, "height": 860})
    await me.go("U0RITA", "home")
    await expect(page.get_by_text("Waiting for you")).to_be_visible()
    await me.picture("home")


async def _see_what_policy_says(me: Person, form: Locator) -> None:
    """Choose windows that policy has something against: each is explained, and nothing is requested."""
    now = me.now().astimezone(AMSTERDAM)
    await form.get_by_label("Type").select_option("minor")
    await form.get_by_label("Deployment method").select_option("blue-green")
    morning = now.replace(hour=10, minute=0)
    await _choose(form, morning + timedelta(days=1), "Not allowed: Too short notice: minor releases of Payments")
    frozen = morning.replace(month=12, day=29)
    frozen = frozen if frozen > now + timedelta(days=4) else frozen.replace(year=frozen.year + 1)
    await _choose(form, frozen, "Not allowed: The hard freeze Year end")
    taken = _window_of(me, "Fraud rules 11")
    await _choose(form, taken, "Needs a waiver: Another release is planned")
    await expect(form).to_contain_text("Next free windows")
    await form.get_by_label("Type").evaluate("field => field.scrollIntoView({block: 'start'})")
    await me.picture("request")
    await form.get_by_label("Configuration items").fill("pay-db 16.1")
    await form.get_by_label("Configuration items").press("Enter")
    await expect(form).to_contain_text("needs pay-db >=14,<16; this package brings 16.1")
    await form.get_by_label("Configuration items").fill("pay-db 15.5")
    await form.get_by_label("Configuration items").press("Enter")
    await expect(form).not_to_contain_text("this package brings 16.1")


async def _build_and_test(me: Person, title: str) -> None:
    page = me.page
    await me.go("U0BEN", "C0PAY")
    await me.press(title, "Start build")
    await me.press(title, "Record build")
    form = page.get_by_role("dialog", name="Record build")
    for label in ("What was built", "Source", "Revision", "Checksum or link", "Pre-handover check"):
        await form.get_by_label(label).fill("instalments 1.0, tag v1.0.0")
    await me.confirm("Record")
    await me.press(title, "Start test")
    await expect(page.get_by_text(re.compile("cannot go on yet: open entry criteria")).last).to_be_visible()
    await me.go("U0TOM", "C0PAY")
    await me.press(title, "Criteria")
    await _meet(me, ("8 of 9 are open", "7 of 9 are open"))
    await me.press(title, "Start test")
    await me.press(title, "Record test result")
    form = page.get_by_role("dialog", name="Record test result")
    await form.get_by_label("Another component").fill("pay-api")
    await form.get_by_label("Result").select_option("passed")
    await form.get_by_role("button", name="Record", exact=True).click()
    await expect(page.get_by_role("dialog", name="Tests")).to_contain_text("1 component passed")
    await me.confirm("Close")
    await me.press(title, "Criteria")
    await _meet(me, tuple(f"{left} of 9 are open" for left in (6, 5, 4, 3, 2)))
    await me.press(title, "Accept tests")
    form = page.get_by_role("dialog", name="Accept tests")
    await form.get_by_label("Fit for purpose").fill("Customers pay in three instalments")
    await form.get_by_label("Fit for use").fill("Holds twice the usual load")
    await form.get_by_role("button", name="Accept tests", exact=True).click()
    await expect(me.card(title)).to_contain_text("Tested")


async def _meet(me: Person, left: tuple[str, ...]) -> None:
    """Meet the first open criterion that the dialog lists, as often as it says what is ``left``."""
    listed = me.page.get_by_role("dialog", name="Criteria")
    for words in left:
        await listed.get_by_role("button", name="Met", exact=True).first.click()
        form = me.page.get_by_role("dialog", name="Met")
        await form.get_by_label("Evidence").fill("https://wiki.example/evidence")
        await form.get_by_role("button", name="Met", exact=True).click()
        await expect(listed).to_contain_text(words)
    await me.confirm("Close")


async def _choose(form: Locator, start: datetime, says: str, lasts: timedelta = timedelta(hours=2)) -> None:
    """Choose a window, and see what the form ``says`` of it."""
    await form.get_by_label("Window start").fill(f"{start:%Y-%m-%dT%H:%M}")
    await form.get_by_label("Window end").fill(f"{start + lasts:%Y-%m-%dT%H:%M}")
    await expect(form).to_contain_text(says)


async def _fill(form: Locator, title: str = "Instalments 1.0", method: str = "blue-green") -> None:
    await form.get_by_label("Title").fill(title)
    await form.get_by_label("What changes and why").fill(
        "Customers pay in three instalments. Asked for by *every* second merchant; <!channel> stays quiet."
    )
    await form.get_by_label("Authorised changes").fill("CHG0000141")
    await form.get_by_label("Deployment method").select_option(method)
    await form.get_by_label("Back-out plan").fill("Switch back to the blue side; it keeps running for a day.")


def _window_of(me: Person, title: str) -> datetime:
    """When the window begins that the card in #payments says."""
    (card,) = [one for one in me.workspace.messages_in("C0PAY", "U0ANN") if title in one.text and one.blocks]
    found = re.search(r"'Window '.*?'timestamp': (\d+)", str(card.blocks))
    assert found
    return datetime.fromtimestamp(int(found[1]), AMSTERDAM)


async def _move_to_the_next_digest(me: Person) -> None:
    local = me.now().astimezone(AMSTERDAM)
    morning = local.replace(hour=9, minute=1, second=0) + timedelta(days=1)
    while morning.weekday() > 4:
        morning += timedelta(days=1)
    await me.workspace.clock.move(to=morning)

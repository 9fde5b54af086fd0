"""The plan and the checklist of the demo's release of the day, in a real browser."""

import os
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Page, expect

from bot.workspace.workspace import Workspace
from tests.journeys.test_browser import browser, pytestmark, workspace

__all__ = ["browser", "pytestmark", "workspace"]

PICTURES = os.environ.get("SCREENSHOTS")


async def thread_of_the_basket(browser: Browser, workspace: Workspace, person: str) -> Page:
    """A page on which ``person`` has the thread of the basket's release open."""
    page = await browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(20_000)
    await page.goto(f"{workspace.base_url}/as/{person}/C0WEB")
    await page.wait_for_function("() => document.body.innerText.includes('Basket 5.3')")
    card = next(one for one in workspace.messages_in("C0WEB", "U0SAM") if "Basket 5.3" in one.text)
    await page.goto(f"{workspace.base_url}/as/{person}/C0WEB?thread={card.ts}")
    return page


async def test_two_people_tick_boxes_side_by_side_and_a_third_gets_theirs_back(browser, workspace):
    sam = await thread_of_the_basket(browser, workspace, "U0SAM")
    tom = await thread_of_the_basket(browser, workspace, "U0TOM")
    kim = await thread_of_the_basket(browser, workspace, "U0KIM")
    balancer, basket = "Turn the balancer over", re.compile("Fill a basket on a phone")
    for page in (sam, tom, kim):
        await expect(page.get_by_text("3 of 7 done").first).to_be_visible(timeout=20_000)
    await tom.get_by_role("checkbox", name=basket).click()
    await sam.get_by_role("checkbox", name=balancer).click()
    for page in (sam, tom, kim):
        await expect(page.get_by_text("5 of 7 done").first).to_be_visible(timeout=20_000)
        await expect(page.get_by_role("checkbox", name=balancer)).to_be_checked()
        await expect(page.get_by_role("checkbox", name=basket)).to_be_checked()
    await kim.get_by_role("checkbox", name=balancer).click()
    await expect(kim.get_by_text("This is for the release manager").first).to_be_visible(timeout=20_000)
    await expect(kim.get_by_role("checkbox", name=balancer)).to_be_checked(timeout=20_000)
    if PICTURES:
        await sam.screenshot(path=f"{PICTURES}/checklist.png")


async def test_sustaining_people_and_a_task_are_entered_in_forms(browser, workspace):
    page = await browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(20_000)
    await page.goto(f"{workspace.base_url}/as/U0SAM/C0WEB")
    composer = page.locator("textarea").first
    await composer.fill("/release plan Release Package 7 v1.6")
    await composer.press("Enter")
    await expect(page.get_by_text("Plan of Release Package 7 v1.6").first).to_be_visible(timeout=20_000)
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/plan.png")
    await page.get_by_role("button", name="Add a task").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Title").fill("Ring the warehouse")
    soon = (workspace.clock.now() + timedelta(hours=1)).astimezone(ZoneInfo("America/New_York"))
    await form.get_by_label("Due").fill(f"{soon:%Y-%m-%dT%H:%M}")
    await form.get_by_label("Phase").select_option(label="Verification")
    await form.get_by_label("Role").select_option(label="operations lead")
    await form.get_by_text("Chase it until it is done").click()
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/task.png")
    await form.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("Ring the warehouse").first).to_be_visible(timeout=20_000)
    await page.get_by_role("button", name="Sustaining people").click()
    field = page.get_by_role("dialog").get_by_role("combobox")
    await field.fill("Tom")
    await page.get_by_role("option").first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.get_by_text("meanwhile: Lena Sørensen, Omar Haddad, Tom").first).to_be_visible(timeout=20_000)

"""Policy explains itself in the form before one submits, and what needs a waiver gets one."""

from datetime import date, datetime, timedelta
from typing import Any

from bot.workspace.world.records import View
from tests.journeys.conftest import AMSTERDAM, Desk
from tests.journeys.test_known_error_journey import words

TYPED = {
    "Type": "minor",
    "Title": "Kept",
    "What changes and why": "Kept too",
    "Authorised changes": "CHG0000132",
    "Back-out plan": "Kept as well",
}


async def choose(desk: Desk, start: datetime, person: str = "U0ANN") -> View:
    """Open the form, type all but the window, then choose it: its end last."""
    await desk.workspace.command(person, "C0PAY", "/release request")
    view = await desk.form(person, "Request a release")
    end = int((start + timedelta(hours=2)).timestamp())
    chosen = TYPED | {"Service": "PAY", "Deployment method": "rolling", "Window start": int(start.timestamp())}
    await desk.workspace.click(person, view, "window_end", "release:window_end", end, chosen)
    await desk.until(lambda: any(block.get("block_id") == "policy" for block in view.blocks))
    return view


def policy(view: View) -> str:
    return words(next(block for block in view.blocks if block.get("block_id") == "policy"))


def kept(view: View) -> dict[str, Any]:
    return {
        block["label"]["text"]: block["element"].get("initial_value")
        for block in view.blocks
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input"
    }


async def test_too_short_a_notice_explains_itself_before_and_when_one_submits(desk: Desk):
    view = await choose(desk, desk.workspace.clock.now() + timedelta(days=1))
    assert "Not allowed: Too short notice: minor releases of Payments are requested 3 days ahead" in policy(view)
    assert "Next free windows" in policy(view)
    assert kept(view) == {name: text for name, text in TYPED.items() if name != "Type"} | {
        "Configuration items": None
    }
    answer = await desk.workspace.submit("U0ANN", view.id, {})
    assert "Too short notice" in answer["errors"]["window_start"]
    assert desk.workspace.modals["U0ANN"] == [view]


async def test_a_request_into_a_freeze_explains_itself(desk: Desk):
    day = (desk.workspace.clock.now() + timedelta(days=5)).astimezone(AMSTERDAM).date()
    while day.day < 28 or day.weekday() > 3:
        day += timedelta(days=1)
    view = await choose(desk, datetime(day.year, day.month, day.day, 10, tzinfo=AMSTERDAM))
    assert "Needs a waiver: The soft freeze Month close (every month on the days 28, 29, 30 and 31)" in policy(view)
    year_end = date(2026, 12, 18) <= day <= date(2027, 1, 4)
    assert ("Not allowed: The hard freeze Year end" in policy(view)) is year_end


async def test_a_collision_explains_itself_and_is_waived_with_a_reason_before_the_last_approval(desk: Desk):
    first = await desk.request(Title="In the way")
    view = await choose(desk, desk.start)
    assert f"Needs a waiver: Another release is planned for that time: {first} of Payments" in policy(view)
    assert await desk.workspace.submit("U0ANN", view.id, {}) == {}

    card = await desk.shows("Kept", "Waiting for approval")
    assert desk.captions(card) == ["Approve", "Request changes", "Reject", "Details", "Waive"]
    await desk.click("U0RITA", card, "Approve")
    await desk.click("U0OLGA", card, "Approve")
    await desk.told("U0OLGA", "Your approval would complete", first, "Press Waive")
    await desk.click("U0ANN", card, "Waive")
    await desk.told("U0ANN", "somebody else has to decide")

    await desk.click("U0OLGA", card, "Waive")
    modal = await desk.form("U0OLGA", "Waive")
    assert await desk.workspace.submit("U0OLGA", modal.id, {"Reason": "Same team, one after the other"}) == {}
    await desk.until(lambda: "Waived by Olga" in words(card.blocks))
    assert "Same team, one after the other" in words(card.blocks)
    assert "Waive" not in desk.captions(card)
    await desk.click("U0OLGA", card, "Approve")
    await desk.shows("Kept", "Approved")


async def test_versions_that_do_not_fit_explain_themselves_when_one_presses_enter(desk: Desk):
    await desk.workspace.command("U0ANN", "C0PAY", "/release request")
    view = await desk.form("U0ANN", "Request a release")
    chosen = {**TYPED, "Service": "PAY"}
    await desk.workspace.click("U0ANN", view, "items", "release:items", "pay-db 16.1", chosen)
    await desk.until(lambda: any(block.get("block_id") == "policy" for block in view.blocks))
    said = "Needs a waiver: pay-api 9.1.0 needs pay-db >=14,<16; this package brings 16.1."
    assert said in policy(view)
    assert kept(view)["Configuration items"] == "pay-db 16.1"
    assert kept(view)["Title"] == "Kept"


async def test_an_edit_is_checked_while_one_types_and_keeps_what_is_typed(desk: Desk):
    await desk.request(Title="In the way")
    taken = desk.start
    identifier = await desk.request()
    card = await desk.shows(identifier)
    await desk.click("U0OLGA", card, "Request changes")
    view = await desk.form("U0OLGA", "Request changes")
    await desk.workspace.submit("U0OLGA", view.id, {"Reason": "Name the version"})
    card = await desk.shows(identifier, "Changes requested")
    await desk.click("U0ANN", card, "Edit and resubmit")
    view = await desk.form("U0ANN", "Edit and resubmit")
    typed = {"Title": "Typed anew", "Window start": int(taken.timestamp())}
    end = int((taken + timedelta(hours=2)).timestamp())
    await desk.workspace.click("U0ANN", view, "window_end", "release:window_end", end, typed)
    await desk.until(lambda: any(block.get("block_id") == "policy" for block in view.blocks))
    assert "Another release is planned for that time" in policy(view)
    assert kept(view)["Title"] == "Typed anew"
    assert await desk.workspace.submit("U0ANN", view.id, {}) == {}
    card = await desk.shows("Typed anew", "Waiting for approval")
    await desk.until(lambda: "Waive" in desk.captions(card))

"""A release from request to deployment, as its people live it."""

import asyncio
from datetime import timedelta

from sqlmodel import select

from bot.workspace.world.records import Message
from models.lifecycle.tables.approvals import Decision
from tests.journeys.conftest import Desk


async def test_a_release_is_requested_decided_deployed_and_its_milestones_are_chased(desk: Desk):
    identifier = await desk.request()
    assert identifier == "PAY-2026.001"
    card = await desk.shows(identifier, "Waiting for approval")
    assert desk.captions(card) == ["Approve", "Request changes", "Reject", "Details"]

    await desk.click("U0ANN", card, "Approve")
    await desk.told("U0ANN", "You requested PAY-2026.001")

    await desk.click("U0RITA", card, "Approve")
    await desk.click("U0OLGA", card, "Approve")
    card = await desk.shows(identifier, "Approved")
    await desk.in_thread(card, "<@U0ANN>", "is approved")

    due = desk.start - timedelta(days=7)
    await desk.workspace.clock.move(to=due + timedelta(minutes=1))
    reminder = await desk.in_thread(card, "Announce the release to users", "<@U0RITA>")
    assert desk.captions(reminder) == ["Done", "Snooze", "Hand to"]
    await desk.click("U0RITA", reminder, "Done")
    await desk.until(lambda: "Done" not in desk.captions(reminder))

    await _build_and_test(desk, identifier, card)
    card = await desk.shows(identifier, "Tested")
    await desk.in_thread(card, "<@U0RITA>", "accepted the tests")
    await desk.click("U0RITA", card, "Go")
    await desk.in_thread(card, "<@U0DANA>", "said go")
    await desk.until(lambda: "Start deployment" in desk.captions(card))
    await desk.workspace.clock.move(to=desk.start)
    await desk.click("U0DANA", card, "Start deployment")
    card = await desk.shows(identifier, "Deploying")
    await desk.click("U0DANA", card, "Mark deployed")
    card = await desk.shows(identifier, "Deployed")
    assert desk.captions(card) == ["Verify", "Back out", "Details"]
    await desk.click("U0DANA", card, "Verify")
    await desk.until(lambda: "Start early life support" in desk.captions(card))
    await desk.click("U0LENA", card, "Start early life support")
    card = await desk.shows(identifier, "In early life support")
    await _settle(desk, identifier, "U0LENA", (2, 1), "Waive", "Reason")
    await desk.until(lambda: "Criteria" not in desk.captions(card))
    await desk.click("U0LENA", card, "Hand over")
    await desk.in_thread(card, "<@U0OMAR>", "offers")
    await desk.until(lambda: "Accept handover" in desk.captions(card))
    await desk.click("U0OMAR", card, "Accept handover")
    card = await desk.shows(identifier, "Handed over")
    await desk.click("U0OLGA", card, "Review")
    form = await desk.form("U0OLGA", "Review")
    answers = {"Did it do what it was for?": "yes", "What shows it, and what did we learn": "Settles in an hour"}
    assert await desk.workspace.submit("U0OLGA", form.id, answers) == {}
    await desk.until(lambda: desk.captions(card) == ["Retire", "Details"])


async def _build_and_test(desk: Desk, identifier: str, card: Message) -> None:
    await desk.click("U0BEN", card, "Start build")
    await desk.shows(identifier, "Being built")
    await desk.until(lambda: "Record build" in desk.captions(card))
    await desk.click("U0BEN", card, "Record build")
    build = await desk.form("U0BEN", "Record build")
    fields = {
        "What was built": "pay-api 9.2.0",
        "Source": "git.example/pay-api",
        "Revision": "v9.2.0",
        "Checksum or link": "sha256:4f5a",
        "Pre-handover check": "Smoke tests passed",
    }
    assert await desk.workspace.submit("U0BEN", build.id, fields) == {}
    await desk.until(lambda: "Start test" in desk.captions(card))
    await desk.click("U0BEN", card, "Start test")
    await desk.told("U0BEN", "open entry criteria", "Olga Brandt, Rita Okafor or Tom de Wit")
    await _settle(desk, identifier, "U0TOM", (7, 6), "Met", "Evidence")
    await desk.click("U0BEN", card, "Start test")
    await desk.shows(identifier, "In test")
    await desk.click("U0TOM", card, "Record test result")
    result = await desk.form("U0TOM", "Record test result")
    assert await desk.workspace.submit("U0TOM", result.id, {"Component": "pay-api", "Result": "passed"})
    await _settle(desk, identifier, "U0TOM", (5, 4, 3), "Met", "Evidence")
    await desk.until(lambda: desk.captions(card)[0] == "Accept tests")
    await desk.click("U0TOM", card, "Accept tests")
    verdict = await desk.form("U0TOM", "Accept tests")
    answers = {"Fit for purpose": "Settles in an hour", "Fit for use": "Holds twice the load"}
    assert await desk.workspace.submit("U0TOM", verdict.id, answers) == {}


async def _settle(
    desk: Desk, identifier: str, person: str, left: tuple[int, ...], caption: str, label: str
) -> None:
    """Settle the first open criterion once for each of the numbers that are ``left`` before it."""
    for count in left:
        await desk.workspace.command(person, "C0PAY", f"/release criteria {identifier}")
        listed = await desk.told(person, f"{count} of 7 are open")
        await desk.click(person, listed, caption)
        form = await desk.form(person, caption)
        answer = await desk.workspace.submit(person, form.id, {label: "https://wiki.example/evidence"})
        assert answer["response_action"] == "update"
        await desk.workspace.close(person, form.id)


async def test_what_is_wrong_in_a_request_is_said_under_its_input_and_nothing_is_lost(desk: Desk):
    await desk.workspace.command("U0ANN", "C0PAY", "/release request")
    view = await desk.form("U0ANN", "Request a release")
    now = int(desk.workspace.clock.now().timestamp())
    answer = await desk.workspace.submit(
        "U0ANN",
        view.id,
        {
            "Service": "PAY",
            "Type": "minor",
            "Title": "Kept",
            "What changes and why": "Kept too",
            "Authorised changes": "not an id",
            "Window start": now - 3600,
            "Window end": now - 7200,
            "Deployment method": "rolling",
            "Back-out plan": "Kept as well",
        },
    )
    assert set(answer["errors"]) == {"changes", "window_start", "window_end"}
    assert desk.workspace.modals["U0ANN"][-1].id == view.id


async def test_a_release_sent_back_is_edited_and_resubmitted(desk: Desk):
    identifier = await desk.request()
    card = await desk.shows(identifier)
    await desk.click("U0OLGA", card, "Request changes")
    view = await desk.form("U0OLGA", "Request changes")
    assert await desk.workspace.submit("U0OLGA", view.id, {"Reason": "Name the version"}) == {}
    card = await desk.shows(identifier, "Changes requested")
    await desk.in_thread(card, "<@U0ANN>", "asks for changes")
    await desk.click("U0ANN", card, "Edit and resubmit")
    view = await desk.form("U0ANN", "Edit and resubmit")
    assert await desk.workspace.submit("U0ANN", view.id, {"Back-out plan": "Redeploy 9.1.4"}) == {}
    await desk.shows(identifier, "Waiting for approval")


async def test_a_redelivered_click_and_a_double_click_count_once(desk: Desk):
    identifier = await desk.request()
    card = await desk.shows(identifier)
    desk.workspace.faults.add("duplicate", "*")
    await asyncio.gather(*(desk.click("U0RITA", card, "Approve") for _ in range(3)))
    await desk.workspace.idle()
    async with desk.assembly.database.reading() as session:
        assert len((await session.exec(select(Decision))).all()) == 1


async def test_a_rejection_tells_the_requester_why_and_leaves_no_dead_button(desk: Desk):
    identifier = await desk.request()
    card = await desk.shows(identifier)
    await desk.click("U0RITA", card, "Reject")
    view = await desk.form("U0RITA", "Reject")
    await desk.workspace.submit("U0RITA", view.id, {"Reason": "Not this week"})
    card = await desk.shows(identifier, "Rejected")
    await desk.in_thread(card, "<@U0ANN>", "rejected")
    await desk.until(lambda: desk.captions(card) == ["Details"])


async def test_commands_answer_the_person_alone(desk: Desk):
    identifier = await desk.request()
    for line, words in (
        ("/release list", "Open releases"),
        (f"/release show {identifier.lower()}.", identifier),
        (f"/release history {identifier}", "newest first"),
        ("/release help", "/release request"),
        ("/release", "/release request"),
        ("/release shwo", "Did you mean"),
        ("/release show PAY-2026.01", identifier),
    ):
        await desk.workspace.command("U0OLGA", "C0PAY", line)
        await desk.told("U0OLGA", words)
    await desk.workspace.command("U0ANN", "C0PAY", f"/release cancel {identifier} not needed")
    await desk.shows(identifier, "Cancelled")


async def test_a_burst_of_clicks_is_acknowledged_in_time_and_counted_once(desk: Desk):
    names = [await desk.request(Title=f"Release {number}") for number in range(10)]
    cards = [await desk.shows(name) for name in names]
    people = ("U0RITA", "U0OLGA", "U0ANN", "U0KIM", "U0DANA")
    clicks = [desk.click(person, card, "Approve") for card in cards for person in people for _ in range(4)]
    await asyncio.gather(*clicks)
    for name in names:
        await desk.shows(name, "Approved")

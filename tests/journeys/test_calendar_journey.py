"""From a command in Slack to a calendar program, through everything between."""

import re

import aiohttp
from icalendar import Calendar

from tests.journeys.conftest import Desk
from tests.journeys.test_known_error_journey import words


async def subscribed(address: str) -> dict[str, str]:
    """Identifier and status of each release in the calendar."""
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert answer.status == 200
        events = Calendar.from_ical(await answer.read()).walk("VEVENT")
    found = [event for event in events if str(event["UID"]).startswith("release-")]
    return {str(event["SUMMARY"]).split()[0]: str(event["STATUS"]) for event in found}


async def test_a_release_that_is_requested_and_cancelled_is_seen_in_schedule_and_calendar(desk: Desk):
    identifier = await desk.request()
    await desk.workspace.command("U0DANA", "C0PAY", "/release schedule PAY")
    schedule = await desk.told("U0DANA", "Forward schedule of change", "1 release")
    assert identifier in words(schedule.blocks)
    await desk.click("U0DANA", schedule, "Later")
    await desk.until(lambda: identifier not in words(schedule.blocks))
    await desk.click("U0DANA", schedule, "Earlier")
    await desk.until(lambda: identifier in words(schedule.blocks))

    await desk.workspace.command("U0DANA", "C0PAY", "/release calendar here")
    answer = await desk.told("U0DANA", "Calendar of this channel", "Payments")
    found = re.search(r"http://127\.0\.0\.1:\d+/calendar/[\w-]+\.ics", words(answer.blocks))
    assert found
    assert await subscribed(found[0]) == {identifier: "TENTATIVE"}

    await desk.workspace.command("U0ANN", "C0PAY", f"/release cancel {identifier}")
    await desk.told("U0ANN", identifier, "cancelled")
    assert await subscribed(found[0]) == {identifier: "CANCELLED"}

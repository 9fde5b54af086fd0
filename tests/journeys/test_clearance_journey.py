"""Production is guarded when it is touched, and windows are looked after: as people meet it in Slack."""

from datetime import datetime, timedelta
from typing import Any

from bot.workspace.world.records import Message
from models.lifecycle.identifiers import find_release
from models.releases.activities.go_no_go import say_go
from tests.journeys.conftest import Desk
from tests.releases.steps import by, take_through_tests

HOUR = timedelta(hours=1)


async def ready(desk: Desk) -> tuple[str, Message]:
    """Identifier and card of a release of PAY that has its go, for the window that begins at ``desk.start``."""
    identifier = await desk.request()
    card = await desk.shows(identifier)
    await desk.click("U0RITA", card, "Approve")
    await desk.click("U0OLGA", card, "Approve")
    await desk.shows(identifier, "Approved")
    work = desk.assembly.work
    async with work.reading() as snapshot:
        release, _ = await find_release(snapshot.session, identifier)
    await take_through_tests(work, release.id)
    await say_go(work, by("U0RITA"), release.id)
    card = await desk.shows(identifier, "Tested")
    await desk.until(lambda: "Start deployment" in desk.captions(card))
    return identifier, card


async def submit(desk: Desk, person: str, title: str, **fields: Any) -> None:
    form = await desk.form(person, title)
    assert await desk.workspace.submit(person, form.id, fields) == {}


async def test_a_start_out_of_its_window_is_answered_in_words_and_overridden_by_somebody_else(desk: Desk) -> None:
    identifier, card = await ready(desk)
    await desk.click("U0DANA", card, "Start deployment")
    refused = await desk.told("U0DANA", f"Nobody can start deploying {identifier}", "Next allowed time")
    assert desk.captions(refused) == []
    await desk.click("U0RITA", card, "Start deployment")
    refused = await desk.told("U0RITA", "Its window hasn't begun", "can override")
    await desk.click("U0RITA", refused, "Override")
    await submit(desk, "U0RITA", "Override", Reason="The fix can't wait")
    await desk.in_thread(card, "<@U0DANA>", "overrode what is in the way")
    await desk.click("U0RITA", card, "Start deployment")
    await desk.told("U0RITA", "You overrode what stood in the way", "somebody else has to deploy it: Dana")
    await desk.click("U0DANA", card, "Start deployment")
    card = await desk.shows(identifier, "Deploying")
    assert "Overridden by Rita" in str(card.blocks)
    assert "The fix can't wait" in str(card.blocks)


async def test_a_window_that_passes_is_missed_and_moved(desk: Desk) -> None:
    identifier, card = await ready(desk)
    await desk.workspace.clock.move(to=desk.start - HOUR)
    await desk.in_thread(card, "<@U0DANA>", "begins in an hour")
    await desk.workspace.clock.move(to=desk.start + 3 * HOUR)
    missed = await desk.in_thread(card, "<@U0ANN>", "<@U0RITA>", "missed its window")
    await desk.click("U0RITA", missed, "Reschedule")
    await submit(desk, "U0RITA", "Reschedule")
    await desk.shows(identifier, "Waiting for approval")
    await desk.until(lambda: desk.captions(missed) == [])


async def test_a_deployment_that_runs_over_is_extended(desk: Desk) -> None:
    identifier, card = await ready(desk)
    await desk.workspace.clock.move(to=desk.start)
    await desk.click("U0DANA", card, "Start deployment")
    card = await desk.shows(identifier, "Deploying")
    end = desk.start + 2 * HOUR
    await desk.workspace.clock.move(to=end)
    over = await desk.in_thread(card, "<@U0DANA>", "is still being deployed")
    assert desk.captions(over) == ["Mark deployed", "Back out", "Extend"]
    await desk.click("U0RITA", over, "Extend")
    await submit(desk, "U0RITA", "Extend", Until=_seconds(end + HOUR), Reason="The index still builds")
    await desk.in_thread(card, "extended the deployment", "no longer counts as on time")
    await desk.click("U0DANA", card, "Mark deployed")
    await desk.shows(identifier, "Deployed")


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())

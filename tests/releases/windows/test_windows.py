"""Windows are told of before, missed, overrun; moved and extended by those who may."""

from datetime import datetime, timedelta

import pytest

from models.audit import AuditEntry
from models.errors import Invalid, Refused
from models.events import SYSTEM
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.clearance import Override, WindowWatch
from models.outbox import Outgoing
from models.releases.activities.deploy import mark_deployed, start_deployment
from models.releases.approval.approve import approve_release
from models.releases.card.queries import release_card
from models.releases.clearance.ask import NotCleared
from models.releases.windows.extend import check_may_extend_deployment, extend
from models.releases.windows.reschedule import check_may_reschedule, reschedule
from scheduler.renderers import RENDERERS, Reading
from scheduler.windows import next_window_change_at, tell_of_windows
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import insert, make_release
from tests.releases.steps import approved, begin_deployment, by, ready, requested, rows, state
from tests.slack_limits import assert_valid_message

pytestmark = pytest.mark.usefixtures("people", "catalog")

START = MORNING + timedelta(days=8)
END = START + timedelta(hours=2)
HOUR = timedelta(hours=1)


async def told(work) -> list[str]:
    return [row.tag for row in await rows(work, AuditEntry) if row.tag.startswith(("release:window", "window:"))]


async def posted(work, kind: str) -> list[Outgoing]:
    return [row for row in await rows(work, Outgoing) if row.facts.get("notice") == kind]


async def shown(work, row: Outgoing):
    async with work.reading() as snapshot:
        reading = Reading(snapshot.session, await snapshot.catalog(), snapshot.now, row)
        message = await RENDERERS[row.message].message(reading)
    assert_valid_message(message)
    return message


def captions(message) -> list[str]:
    return [
        one["text"]["text"] for block in message.blocks for one in block.get("elements", ()) if "action_id" in one
    ]


async def test_an_hour_before_its_window_its_people_are_told_who_does_what_and_what_is_open(work, clock):
    release = await approved(work)
    assert await next_window_change_at(work) == START - HOUR
    clock.set(START - HOUR)
    for _ in range(2):
        await tell_of_windows(work)
    (row,) = await posted(work, "ahead")
    assert row.facts["mentions"] == ["U0DANA", "U0RITA"]
    message = await shown(work, row)
    assert "begins in an hour" in message.text
    text = str(message.blocks)
    for words in ("Deploys: ", "Dana", "Rehearse back-out", "Still open: ", "it is approved"):
        assert words in text
    assert await next_window_change_at(work) == START
    assert await state(work, release) == "approved"


async def test_a_missed_window_is_told_once_chased_in_working_hours_and_moved(work, clock):
    release = await ready(work)
    clock.set(END + timedelta(days=21, hours=13))
    for _ in range(3):
        await tell_of_windows(work)
    assert await told(work) == ["release:window:missed"]
    (first,) = await posted(work, "missed")
    assert first.facts["mentions"] == ["U0ANN", "U0RITA"]
    assert captions(await shown(work, first)) == ["Reschedule"]
    for _ in range(5 * 24):
        clock.move(HOUR)
        await tell_of_windows(work)
    times = [row.at.hour for row in await rows(work, AuditEntry) if row.tag == "release:window:missed"]
    assert len(times) == 3
    assert all(8 <= hour < 17 for hour in times[1:])
    assert captions(await shown(work, first)) == [], "an older notice keeps its buttons"
    async with work.reading() as snapshot:
        card = await release_card(snapshot.session, await snapshot.catalog(), release)
    assert card.window == "missed"
    with pytest.raises(NotCleared, match="It needs a new one"):
        await start_deployment(work, by("U0DANA"), release)
    with pytest.raises(Refused, match=r"rescheduled by whoever requested it, .*Olga or Rita"):
        await check_may_reschedule(work, by("U0DANA"), release)
    found = await check_may_reschedule(work, by("U0OLGA"), release)
    assert [one.start > clock.now() and one.end - one.start == END - START for one in found.free] == [True] * 3
    free = found.free[0]
    with pytest.raises(Invalid) as wrong:
        await reschedule(work, by("U0OLGA"), release, found.round, free.end, free.start)
    assert wrong.value.problems == {"window": "The window ends before it starts. Choose a later end."}
    await reschedule(work, by("U0OLGA"), release, found.round, free.start, free.end)
    assert await state(work, release) == "requested", "a new window is approved again"
    async with work.reading() as snapshot:
        card = await release_card(snapshot.session, await snapshot.catalog(), release)
    assert (card.window, card.title) == ("", "Card payments 9.2")
    before = len(await told(work))
    await tell_of_windows(work)
    assert len(await told(work)) == before


async def test_what_was_requested_misses_its_window_and_what_was_sent_back_does_not(work, clock):
    await requested(work)
    await make_release(work, State.CHANGES_REQUESTED, window_start=START)
    clock.set(END)
    await tell_of_windows(work)
    assert await told(work) == ["release:window:missed"]


async def test_a_deployment_goes_on_when_its_window_ends_or_a_freeze_begins_and_people_are_told(work, clock):
    release = await ready(work)
    await begin_deployment(work, release)
    document = example_document()
    freeze = {"name": "Outage", "from": START.date(), "to": START.date(), "kind": "hard"}
    document["services"][0]["policy"]["freezes"].append(freeze)
    await put_catalog(work, document)
    clock.set(END)
    for minutes in (0, 30, 30, 30):
        clock.move(timedelta(minutes=minutes))
        await tell_of_windows(work)
    assert await told(work) == ["release:window:overrun", "release:window:overrun"]
    first, second = await posted(work, "overrun")
    assert second.facts["mentions"] == ["U0DANA", "U0RITA"]
    assert captions(await shown(work, second)) == ["Mark deployed", "Back out", "Extend"]
    assert captions(await shown(work, first)) == []
    assert await state(work, release) == "deploying"
    await mark_deployed(work, by("U0DANA"), release)
    assert await state(work, release) == "deployed"
    assert captions(await shown(work, second)) == []
    clock.move(timedelta(days=3))
    await tell_of_windows(work)
    assert len(await told(work)) == 2


async def test_a_deployment_is_extended_by_its_windows_length_at_most(work, clock):
    release = await ready(work)
    await begin_deployment(work, release)
    clock.set(END)
    await tell_of_windows(work)
    with pytest.raises(Refused, match="Extending is for the release manager or owner of PAY-2026"):
        await check_may_extend_deployment(work, by("U0DANA"), release)
    assert (await check_may_extend_deployment(work, by("U0RITA"), release)).latest == END + 2 * HOUR
    for until, problem in (
        (END, "Choose a time after"),
        (END + 3 * HOUR, "At most until"),
        (None, "Say until when"),
    ):
        with pytest.raises(Invalid, match=problem):
            await extend(work, by("U0RITA"), release, until, "Index still builds")
    await extend(work, by("U0RITA"), release, END + HOUR, "Index still builds")
    assert await rows(work, Override) == []
    async with work.database.reading() as session:
        row = await load_release(session, release)
        assert (row.round, row.extended_to) == (1, END + HOUR)
    (notice,) = await posted(work, "extended")
    assert "extended the deployment" in (await shown(work, notice)).text
    clock.set(END + HOUR)
    await tell_of_windows(work)
    assert (await told(work)).count("release:window:overrun") == 2
    await extend(work, by("U0OLGA"), release, END + 2 * HOUR, "Nearly there")
    clock.set(END + 2 * HOUR)
    with pytest.raises(Refused, match="can't be extended any more"):
        await extend(work, by("U0OLGA"), release, END + 3 * HOUR, "Once more")


@pytest.mark.parametrize("kind", ["hard", "soft"])
async def test_an_extension_is_judged_for_freezes(work, clock, kind):
    document = example_document()
    document["services"][0]["policy"]["windows"] = []
    await put_catalog(work, document)
    start = datetime(2026, 12, 2, 21, 0, tzinfo=START.tzinfo)
    late = {"window_start": start, "window_end": start + 2 * HOUR}
    release = await ready(work, **late)
    await begin_deployment(work, release, "U0RITA")
    freeze = {"name": "Sale", "from": "2026-12-03", "to": "2026-12-03", "kind": kind}
    document["services"][0]["policy"]["freezes"] = [freeze]
    await put_catalog(work, document)
    clock.set(start + 2 * HOUR)
    if kind == "hard":
        with pytest.raises(Invalid, match="The hard freeze Sale begins Thu 3 Dec 2026 00:00"):
            await extend(work, by("U0OLGA"), release, start + 3 * HOUR, "Nearly there")
        return
    with pytest.raises(Refused, match=r"You deploy .*, so somebody else has to extend it: Olga"):
        await extend(work, by("U0RITA"), release, start + 3 * HOUR, "Nearly there")
    await extend(work, by("U0OLGA"), release, start + 3 * HOUR, "Nearly there")
    (row,) = await rows(work, Override)
    assert [one["key"] for one in row.obstacles] == ["Sale"]


async def test_an_emergency_that_starts_after_its_window_has_as_long_again(work, clock):
    release = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), release, 1)
    clock.set(END)
    await tell_of_windows(work)
    clock.set(END + 5 * HOUR)
    await start_deployment(work, by("U0DANA"), release)
    await tell_of_windows(work)
    assert (await told(work)).count("release:window:overrun") == 0
    clock.move(2 * HOUR)
    await tell_of_windows(work)
    assert (await told(work)).count("release:window:overrun") == 1


async def test_windows_that_are_past_at_the_upgrade_are_listed_once_a_channel_and_not_chased(work, clock):
    past = clock.now() - timedelta(days=30)
    for number, service in enumerate(("PAY", "PAY", "WEB")):
        release = await make_release(work, State.READY, service, f"{service}-{number}", window_start=past)
        watch = WindowWatch(release_id=release.id, window_start=past, window_end=past + 2 * HOUR, quiet=True)
        await insert(work, watch)
    for _ in range(2):
        clock.move(timedelta(days=1))
        await tell_of_windows(work)
    listed = [row for row in await rows(work, Outgoing) if row.message == "past_windows"]
    assert sorted((row.recipient, len(row.facts["releases"])) for row in listed) == [("C0PAY", 2), ("C0WEB", 1)]
    assert "2 releases" in (await shown(work, listed[0])).text
    assert await told(work) == ["window:past_listed"] * 2
    async with work(SYSTEM) as tx:
        moved = await load_release(tx.session, 1)
        moved.window_start, moved.window_end = clock.now() - 3 * HOUR, clock.now() - HOUR
    await tell_of_windows(work)
    assert (await told(work))[-1] == "release:window:missed"

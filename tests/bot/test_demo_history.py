"""The demo's history is one that its own catalog allows, whatever day it is shown on."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.history import tell_all
from bot.demo.run import HERE
from bot.demo.steps import ZONE, Story
from models.catalog.reader import read_catalog
from models.environments.tables import Booking
from models.events import Actor
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.approvals import Decision, Delegation, LaterApprovals
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import BYPASSED
from models.services.apply import apply_catalog
from tests.conftest import FrozenClock
from tests.releases.steps import rows


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "now",
    [
        "2026-11-24T09:00",
        "2026-11-24T23:10",
        "2026-11-26T00:20",
        "2026-11-28T03:00",
        "2026-11-30T09:00",
        "2026-12-01T17:40",
        "2026-12-17T09:00",
        "2026-12-25T09:00",
        "2027-01-03T22:50",
        "2027-03-28T01:30",
    ],
)
async def test_it_can_be_told_on_any_day_at_any_hour(work, now):
    clock = FrozenClock(datetime.fromisoformat(now).replace(tzinfo=UTC))
    story = Story(work.database, clock)
    story.at(story.day(-90))
    catalog = read_catalog((HERE / "catalog.yaml").read_bytes())
    await apply_catalog(story.work, Actor(person="U0PETRA", surface="cli"), catalog)
    await tell_all(story)
    found = await rows(work, ReleaseFinding)
    titles = {row.id: row.title for row in await rows(work, Release)}
    expected = {("Refunds 2.4", "compatibility"), ("Search 3.2", "collisions")}
    assert {(titles[row.release_id], row.rule) for row in found} == expected
    (owed,) = await rows(work, LaterApprovals)
    assert owed.completed_at is None
    assert owed.due_at > clock.now()
    assert [row.person for row in await rows(work, Decision) if row.verdict == BYPASSED] == ["U0SAM"]
    assert [row.person for row in await rows(work, Decision) if row.standing_in_for == "U0RITA"] == ["U0LENA"]
    (delegated,) = [row for row in await rows(work, Delegation) if row.ends_at > clock.now()]
    assert delegated.delegate == "U0PETRA"
    assert delegated.starts_at is not None
    next_week = (clock.now() + timedelta(days=7)).astimezone(ZONE).isocalendar()[:2]
    assert delegated.starts_at.astimezone(ZONE).isocalendar()[:2] == next_week
    waiting = [row.status for row in await rows(work, Booking)]
    assert sorted(waiting) == ["booked", "booked", "waiting"]
    states = {row.state for row in await rows(work, Release) if row.type == "major"}
    assert states == {State.HANDED_OVER, State.BACKED_OUT, State.READY}

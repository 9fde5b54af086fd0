"""The demo's history is one that its own catalog allows, whatever day it is shown on."""

from datetime import UTC, datetime

import pytest

from bot.demo.history import tell_all
from bot.demo.run import HERE
from bot.demo.story import Story
from models.catalog.apply import apply_catalog
from models.catalog.reader import read_catalog
from models.events import Actor
from models.releases.approval_tables import Afterwards, Delegation
from models.releases.decided import BYPASSED
from models.releases.lifecycle import State
from models.releases.tables import Decision, Release, ReleaseFinding
from tests.conftest import FrozenClock
from tests.releases.steps import rows


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "today",
    [
        "2026-11-24",
        "2026-11-28",
        "2026-11-30",
        "2026-12-01",
        "2026-12-17",
        "2026-12-25",
        "2027-01-03",
        "2027-03-28",
    ],
)
async def test_it_can_be_told_on_any_day(work, catalogs, today):
    clock = FrozenClock(datetime.fromisoformat(f"{today}T09:00").replace(tzinfo=UTC))
    story = Story(work.database, catalogs, clock)
    story.at(story.day(-90))
    catalog = read_catalog((HERE / "catalog.yaml").read_bytes())
    await apply_catalog(story.work, catalogs, Actor(person="U0PETRA", surface="cli"), catalog)
    await tell_all(story)
    found = await rows(work, ReleaseFinding)
    titles = {row.id: row.title for row in await rows(work, Release)}
    expected = {("Refunds 2.4", "compatibility"), ("Search 3.2", "collisions")}
    assert {(titles[row.release_id], row.rule) for row in found} == expected
    (owed,) = await rows(work, Afterwards)
    assert owed.completed_at is None
    assert owed.due_at > clock.now()
    assert [row.person for row in await rows(work, Decision) if row.verdict == BYPASSED] == ["U0SAM"]
    assert [row.person for row in await rows(work, Decision) if row.standing_in_for == "U0RITA"] == ["U0LENA"]
    assert [row.delegate for row in await rows(work, Delegation) if row.ends_at > clock.now()] == ["U0PETRA"]
    states = {row.state for row in await rows(work, Release) if row.type == "major"}
    assert states == {State.HANDED_OVER, State.BACKED_OUT, State.READY}

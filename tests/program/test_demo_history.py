"""The demo's history is one that its own catalog allows, whatever day it is shown on."""

from datetime import UTC, datetime

import pytest

from bot.demo.history import tell_all
from bot.demo.run import HERE
from bot.demo.story import Story
from models.catalog.apply import apply_catalog
from models.catalog.reader import read_catalog
from models.events import Actor
from models.releases.tables import ReleaseFinding
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
    assert [row.rule for row in found] == ["collisions"]

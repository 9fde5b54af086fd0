"""The summary of a package on the card."""

from datetime import timedelta

import pytest

from models.lifecycle.lifecycle import State
from models.packages.tables import PackageNode
from models.packages.tree import NodeType
from models.releases.card import queries
from tests.conftest import MORNING
from tests.factories import insert, make_release


@pytest.fixture(autouse=True)
def _ready(catalog, people):
    """The example catalog is applied, and everybody is in the directory."""


async def brings(work, release, key: str, version: str) -> None:
    node = PackageNode(
        release_id=release.id, position=1, what=NodeType.ITEM, key=key, kind="software", version=version
    )
    await insert(work, node)


async def card(work, release):
    async with work.reading() as snapshot:
        return await queries.release_card(snapshot.session, await snapshot.catalog(), release.id)


async def released(work, identifier: str, days: int, state: str = State.DEPLOYED):
    deployed = MORNING - timedelta(days=days)
    return await make_release(work, state, identifier=identifier, deployed_at=deployed)


async def test_the_card_compares_with_the_last_deployment_that_is_still_there(work):
    first = await released(work, "PAY 9.0", 20)
    last = await released(work, "PAY 9.1", 10)
    backed_out = await released(work, "PAY 9.1.1", 5, State.BACKED_OUT)
    release = await make_release(work, changes=["CHG0000132", "CHG0000133"])
    for one, version in ((first, "9.0"), (last, "9.1.0"), (backed_out, "9.1.1"), (release, "9.2.0")):
        await brings(work, one, "pay-api", version)
    since = (await card(work, release)).package.since
    assert (since.since, since.changes) == ("PAY 9.1", 1)
    assert [(one.key, one.before, one.after) for one in since.moved] == [("pay-api", "9.1.0", "9.2.0")]
    assert (await card(work, last)).package.since.since == "PAY 9.0"
    assert (await card(work, first)).package.since is None


async def test_a_card_without_a_package_says_nothing(work):
    await released(work, "PAY 9.1", 10)
    shown = (await card(work, await make_release(work))).package
    assert (shown.since, shown.incompatible) == (None, ())


@pytest.mark.parametrize(
    ("state", "days", "expected"),
    [
        (State.APPROVED, 2, ("pay-api 9.2.0 needs pay-db >=14,<16; it is 16.1 from PAY-2026.015",)),
        (State.DEPLOYING, 2, ("pay-api 9.2.0 needs pay-db >=14,<16; it is 16.1 from PAY-2026.015",)),
        (State.APPROVED, 9, ()),
        (State.REQUESTED, 2, ()),
        (State.CANCELLED, 2, ()),
    ],
)
async def test_what_planned_releases_bring_before_counts(work, state, days, expected):
    start = MORNING + timedelta(days=days)
    approved = MORNING if state != State.REQUESTED else None
    other = await make_release(work, state, identifier="PAY-2026.015", window_start=start, approved_at=approved)
    await brings(work, other, "pay-db", "16.1")
    release = await make_release(work, window_start=MORNING + timedelta(days=5))
    await brings(work, release, "pay-api", "9.2.0")
    assert tuple(one.sentence for one in (await card(work, release)).package.incompatible) == expected


async def test_what_is_over_is_not_warned_of(work):
    release = await released(work, "PAY 9.2", 1)
    await brings(work, release, "pay-db", "16.1")
    assert (await card(work, release)).package.incompatible == ()

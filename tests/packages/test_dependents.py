"""Cards of other releases follow what a release is planned to bring, and what it leaves in production."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event

from models.lifecycle.lifecycle import State
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.packages.store import ref_of
from models.packages.tables import PackageNode
from models.packages.tree import NodeType
from models.releases.activities.deploy import back_out, mark_deployed
from models.releases.approval.approve import approve_release
from models.releases.approval.break_glass import break_glass
from models.releases.approval.reject import reject_release
from models.releases.card import queries
from models.releases.package.copy_package import copy_package
from models.releases.package.edit import add_node, remove_node
from models.releases.package.edit_session import PackageEdit
from models.releases.package.forms import NodeForm
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from tests.conftest import MORNING
from tests.factories import insert, make_release
from tests.releases.steps import by, form, requested, rows

pytestmark = pytest.mark.usefixtures("people", "catalog")


_others = count(1)


async def bringing(work, key: str, version: str, *, days: int = 12, state: str = State.REQUESTED, **fields):
    """A release with one item in its package; it waits for approval by default."""
    start = MORNING + timedelta(days=days)
    release = await make_release(work, state, identifier=f"Other {next(_others)}", window_start=start, **fields)
    await put(work, release.id, key, version)
    return release


async def put(work, release_id: int, key: str, version: str) -> PackageNode:
    node = PackageNode(
        release_id=release_id, position=1, what=NodeType.ITEM, key=key, kind="software", version=version
    )
    return await insert(work, node)


async def wished(work) -> set[int]:
    """Return the releases whose cards are queued, and empty the queue."""
    found = {row.release_id for row in await rows(work, Outgoing) if row.message == "release_card"}
    async with work.database.writing() as writing:
        await writing.connection.execute(Outgoing.metadata.tables["outbox"].delete())
    return found


async def warnings(work, release) -> tuple[str, ...]:
    async with work.reading() as snapshot:
        shown = await queries.release_card(snapshot.session, await snapshot.catalog(), release.id)
    return tuple(one.sentence for one in shown.package.incompatible)


async def to_approve(work, key: str = "pay-db", version: str = "16.1") -> int:
    """A release in a week that brings ``key`` and still needs Olga's approval."""
    release = await requested(work)
    await put(work, release, key, version)
    await approve_release(work, by("U0RITA"), release, 1)
    await wished(work)
    return release


async def approved_with(work, key: str = "pay-db", version: str = "16.1") -> int:
    release = await to_approve(work, key, version)
    await approve_release(work, by("U0OLGA"), release, 1)
    await wished(work)
    return release


async def test_the_approval_of_a_database_is_seen_on_the_later_release_that_needs_it(work):
    api = await bringing(work, "pay-api", "9.2.0")
    release = await to_approve(work)
    assert await warnings(work, api) == ()
    await approve_release(work, by("U0OLGA"), release, 1)
    assert await wished(work) == {release, api.id}
    assert await warnings(work, api) == ("pay-api 9.2.0 needs pay-db >=14,<16; it is 16.1 from PAY-2026.001",)


async def test_the_other_direction_counts_as_well(work):
    database = await bringing(work, "pay-db", "16.1")
    release = await to_approve(work, "pay-api", "9.2.0")
    await approve_release(work, by("U0OLGA"), release, 1)
    assert await wished(work) == {release, database.id}


async def test_no_other_card_is_redrawn(work):
    await bringing(work, "pay-runbook", "32")
    await bringing(work, "pay-db", "16.2")
    await bringing(work, "pay-api", "9.2.0", days=2)
    await bringing(work, "pay-api", "9.2.0", state=State.CANCELLED)
    await make_release(work, identifier="Other", window_start=MORNING + timedelta(days=12))
    release = await to_approve(work)
    await approve_release(work, by("U0OLGA"), release, 1)
    assert await wished(work) == {release}


async def test_an_approval_that_is_not_the_last_one_redraws_nothing_else(work):
    await bringing(work, "pay-api", "9.2.0")
    release = await requested(work)
    await put(work, release, "pay-db", "16.1")
    await wished(work)
    await approve_release(work, by("U0RITA"), release, 1)
    assert await wished(work) == {release}


async def test_broken_glass_counts_like_an_approval(work):
    api = await bringing(work, "pay-api", "9.2.0")
    release = await to_approve(work)
    await break_glass(work, by("U0DANA", "modal"), release, 1, "Customers cannot pay")
    assert await wished(work) == {release, api.id}


async def test_what_is_cancelled_is_planned_no_more(work):
    api = await bringing(work, "pay-api", "9.2.0")
    release = await approved_with(work)
    await cancel_release(work, by("U0ANN"), release)
    assert await wished(work) == {release, api.id}
    assert await warnings(work, api) == ()


async def test_a_release_that_was_not_approved_is_cancelled_without_anybody_else(work):
    await bringing(work, "pay-api", "9.2.0")
    release = await to_approve(work)
    await cancel_release(work, by("U0ANN"), release)
    assert await wished(work) == {release}


@pytest.mark.parametrize("how", ["add", "remove", "copy"])
async def test_an_edited_package_is_planned_no_more(work, how):
    api = await bringing(work, "pay-api", "9.2.0")
    other = await bringing(work, "pay-runbook", "32", days=2)
    release = await approved_with(work)
    editing = PackageEdit(release, 1, "form")
    if how == "add":
        new = NodeForm(what=NodeType.ITEM, key="Rules", kind="process", version="1")
        await add_node(work, by("U0ANN", "modal"), editing, new)
    elif how == "remove":
        (node,) = [one for one in await rows(work, PackageNode) if one.release_id == release]
        await remove_node(work, by("U0ANN", "modal"), editing, ref_of(node.id))
    else:
        await copy_package(work, by("U0ANN", "modal"), editing, other.id)
    assert await wished(work) == {release, api.id}
    assert await warnings(work, api) == ()


async def test_a_package_that_nobody_approved_concerns_nobody(work):
    await bringing(work, "pay-api", "9.2.0")
    release = await to_approve(work)
    new = NodeForm(what=NodeType.ITEM, key="Rules", kind="process", version="1")
    await add_node(work, by("U0ANN", "modal"), PackageEdit(release, 1, "form"), new)
    assert await wished(work) == {release}


async def test_a_window_that_moves_is_followed_from_where_it_was(work):
    """At first the release is two days before the other, then after it: it counted until it moved."""
    api = await bringing(work, "pay-api", "9.2.0", days=10)
    release = await approved_with(work)
    later = MORNING + timedelta(days=15)
    moved = form(window_start=later, window_end=later + timedelta(hours=2))
    await edit_release(work, by("U0ANN", "modal"), release, 1, moved)
    assert await wished(work) == {release, api.id}


async def test_a_corrected_title_concerns_nobody(work):
    await bringing(work, "pay-api", "9.2.0")
    release = await approved_with(work)
    await edit_release(work, by("U0ANN", "modal"), release, 1, form(title="Card Payments 9.2"))
    assert await wished(work) == {release}


async def test_a_deployment_is_seen_wherever_its_items_matter_and_by_the_service_that_compares_with_it(work):
    deploying = await bringing(work, "pay-db", "16.1", days=0, state=State.DEPLOYING, approved_at=MORNING)
    early = await bringing(work, "pay-api", "9.2.0", days=-1, service="WEB")
    same_service = await make_release(work, window_start=MORNING + timedelta(days=9))
    await make_release(work, service="WEB")
    await make_release(work, State.HANDED_OVER)
    await mark_deployed(work, by("U0DANA"), deploying.id)
    assert await wished(work) == {deploying.id, early.id, same_service.id}
    assert await warnings(work, early) == ("pay-api 9.2.0 needs pay-db >=14,<16; it is 16.1 now",)
    await back_out(work, by("U0DANA", "modal"), deploying.id, "It fails", "15.4")
    assert await wished(work) == {deploying.id, early.id, same_service.id}
    assert await warnings(work, early) == ()


async def statements(work, dependents: int) -> int:
    """The number of statements of a deployment that so many cards depend on."""
    for _ in range(dependents):
        await bringing(work, "pay-api", "9.2.0")
    deploying = await bringing(work, "pay-db", "16.1", days=0, state=State.DEPLOYING, approved_at=MORNING)
    seen: list[str] = []
    engine = work.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *about: seen.append(about[2]))
    await mark_deployed(work, by("U0DANA"), deploying.id)
    assert len(await wished(work)) > dependents
    return len(seen)


async def test_so_many_cards_take_no_more_statements_than_one(work):
    alone = await statements(work, 1)
    assert await statements(work, 40) == alone


async def test_a_collision_that_is_over_leaves_the_other_card(work):
    first = await requested(work, nonce="first")
    second = await requested(work, nonce="second")
    assert [row.key for row in await rows(work, ReleaseFinding)] == ["PAY-2026.001"]
    await wished(work)
    await cancel_release(work, by("U0ANN"), first)
    assert await wished(work) == {first, second}
    assert await rows(work, ReleaseFinding) == []


async def test_a_rejected_release_collides_with_nothing(work):
    first = await requested(work, nonce="first")
    second = await requested(work, nonce="second")
    await wished(work)
    await reject_release(work, by("U0OLGA", "modal"), first, 1, "Not now")
    assert await wished(work) == {first, second}
    assert await rows(work, ReleaseFinding) == []


async def test_a_collision_that_moves_tells_the_new_window(work):
    first = await requested(work, nonce="first")
    second = await requested(work, nonce="second")
    await wished(work)
    start = MORNING + timedelta(days=8, hours=1)
    moved = form(window_start=start, window_end=start + timedelta(hours=2))
    await edit_release(work, by("U0ANN", "modal"), first, 1, moved)
    assert await wished(work) == {first, second}
    told = [row.sentence for row in await rows(work, ReleaseFinding) if row.release_id == second]
    assert "11:00-13:00" in told[0]
    away = start + timedelta(days=5)
    moved = form(window_start=away, window_end=away + timedelta(hours=2))
    round_ = next(row.round for row in await rows(work, Release) if row.id == first)
    await edit_release(work, by("U0ANN", "modal"), first, round_, moved)
    assert [row for row in await rows(work, ReleaseFinding) if row.release_id == second] == []


async def test_a_waived_collision_stays_as_it_was_decided(work):
    first = await requested(work, nonce="first")
    second = await requested(work, nonce="second")
    async with work(by("U0RITA")) as tx:
        finding = await tx.session.get(ReleaseFinding, 1)
        finding.waived_by, finding.reason = "U0RITA", "Same team"
    await cancel_release(work, by("U0ANN"), first)
    assert [(row.release_id, row.reason) for row in await rows(work, ReleaseFinding)] == [(second, "Same team")]

"""What users of other release tools complained about doesn't happen here.

Each test names where it was reported. Complaints about what Slack delivers are in ``tests/journeys`` and
``tests/scheduler``: events that come again (bolt-python#868, #1355) and rate limits (alertmanager#2111).
"""

from datetime import timedelta

import pytest

from messages.releases.card.card import render
from models.audit import AuditEntry
from models.environments.contents import contents
from models.errors import Refused
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.release import Release
from models.releases.activities.deploy import mark_deployed
from models.releases.activities.go_no_go import say_go
from models.releases.approval.approve import approve_release
from models.releases.approval.break_glass import break_glass
from models.releases.approval.waivers import waive
from models.releases.card.queries import release_card
from models.releases.package.edit import add_node
from models.releases.package.edit_session import PackageEdit
from models.releases.package.forms import NodeForm
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from models.releases.request.request import request_release
from scheduler.approvals import chase_approvals
from tests.conftest import MORNING, example_document, put_catalog
from tests.releases.card.test_release_messages import captions
from tests.releases.steps import begin_deployment, by, form, requested, rows, state, take_through_tests

pytestmark = pytest.mark.usefixtures("people")

SOON = {"window_start": MORNING + timedelta(days=15), "window_end": MORNING + timedelta(days=15, hours=2)}
"""Beyond every type's lead time, within a deployment window of Payments."""


async def shown(work, release: int) -> list[str]:
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        return captions(render(await release_card(snapshot.session, catalog, release)).blocks)


async def test_a_click_that_is_delivered_twice_counts_once(work, catalog):
    """bolt-python#868: Slack sends again what it believes lost."""
    release = await requested(work)
    for _ in range(3):
        await approve_release(work, by("U0RITA"), release, 1)
    assert [(row.person, row.round) for row in await rows(work, Decision)] == [("U0RITA", 1)]
    assert [row.tag for row in await rows(work, AuditEntry)] == ["release:requested", "release:approval:granted"]
    assert await state(work, release) == "requested"


@pytest.mark.parametrize("last", [State.APPROVED, State.CANCELLED])
async def test_no_button_to_decide_stays_once_it_is_decided(work, catalog, last):
    """keel#1550: buttons that stay after the click."""
    release = await requested(work)
    assert "Approve" in await shown(work, release)
    if last is State.CANCELLED:
        await cancel_release(work, by("U0ANN"), release)
    else:
        for person in ("U0RITA", "U0OLGA"):
            await approve_release(work, by(person), release, 1)
    assert {"Approve", "Request changes", "Reject"}.isdisjoint(await shown(work, release))


async def test_a_request_that_nobody_decided_is_expired_and_not_rejected(work, catalog, clock):
    """manual-approval#29, hoop#883: a time-out that looks like somebody's no."""
    release = await requested(work)
    await chase_approvals(work)
    clock.move(timedelta(days=8))
    for _ in range(2):  # what went before is told first
        await chase_approvals(work)
    assert await state(work, release) == "expired"
    assert await rows(work, Decision) == []
    assert "Edit and resubmit" in await shown(work, release)


async def test_one_override_holds_in_every_environment(work):
    """OctopusDeploy/Issues#8793: an override that fails where a deployment goes to several environments."""
    document = example_document()
    document["environments"].append({"key": "prod-us", "name": "Production US", "production": True})
    await put_catalog(work, document)
    release = await requested(work, items="pay-db 16.1")
    await waive(work, by("U0RITA"), release, 1, "Tried with 9.1")
    await break_glass(work, by("U0OLGA"), release, 1, "Rita is on a plane")
    await take_through_tests(work, release)
    await say_go(work, by("U0RITA"), release)
    await begin_deployment(work, release)
    await mark_deployed(work, by("U0DANA"), release)
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        for environment in ("prod", "prod-us"):
            held = {line.ci: line.version for line in await contents(snapshot.session, catalog, environment)}
            assert held["pay-db"] == "16.1"


TYPES = [
    (kind, method, kept["approvals"])
    for kind, kept in example_document()["services"][0]["policy"]["types"].items()
    for method in example_document()["services"][0]["policy"]["deployment_methods"]
]

HOLDERS = {"release_manager": "U0RITA", "owner": "U0OLGA", "test_manager": "U0TOM"}


async def _as_requested(work, kind: str, method: str) -> tuple[int, int]:
    return await requested(work, type=kind, method=method, **SOON), 1


async def _as_edited_into_it(work, kind: str, method: str) -> tuple[int, int]:
    other = "minor" if kind != "minor" else "major"
    release = await requested(work, type=other, **SOON)
    changed = form(type=kind, method=method, **SOON)
    await edit_release(work, by("U0ANN"), release, 1, changed)
    return release, 2


async def _with_another_package(work, kind: str, method: str) -> tuple[int, int]:
    release = await requested(work, type=kind, method=method, **SOON)
    await approve_release(work, by("U0RITA"), release, 1)
    (row,) = await rows(work, Release)
    node = NodeForm(what="ci", item="pay-api", version="9.2.0")
    await add_node(work, by("U0ANN"), PackageEdit(release, row.round, "n"), node)
    return release, 2


@pytest.mark.parametrize("way", [_as_requested, _as_edited_into_it, _with_another_package])
@pytest.mark.parametrize(("kind", "method", "approvals"), TYPES)
async def test_the_approval_rules_reach_every_change(work, catalog, kind, method, approvals, way):
    """glpi#432: approval rules that miss some changes. One approval fewer is never enough."""
    release, round_ = await way(work, kind, method)
    people = [HOLDERS[role] for role in approvals]
    for person in people:
        assert await state(work, release) == "requested"
        await approve_release(work, by(person), release, round_)
    assert await state(work, release) == "approved"


@pytest.mark.parametrize(
    ("changes", "voided"),
    [
        ({"title": "Card paymets 9.2"}, False),
        ({"title": "Card payments 9.2.1"}, True),
        ({"description": "Said better"}, True),
        ({"method": "blue-green"}, True),
        ({"back_out_plan": "Restore the backup"}, True),
        ({"changes": "CHG0000132, CHG0000133"}, True),
    ],
)
async def test_an_edit_voids_approvals_but_not_every_edit_does(work, catalog, changes, voided):
    """flagsmith#7056, 18F/C2#315: all edits void, or none does."""
    release = await requested(work)
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 1)
    await edit_release(work, by("U0ANN"), release, 1, form(**changes))
    assert await state(work, release) == ("requested" if voided else "approved")


async def test_nobody_approves_their_own_release_whatever_they_hold(work, catalog):
    """awx#10610: self-approval."""
    release = await requested(work, person="U0RITA")
    with pytest.raises(Refused, match="somebody else has to decide"):
        await approve_release(work, by("U0RITA"), release, 1)
    assert await rows(work, Decision) == []


async def test_a_freeze_that_lies_ahead_does_not_block_today(work):
    """OctopusDeploy/Issues#9621: a future freeze that blocks today."""
    document = example_document()
    document["services"][0]["policy"]["freezes"] = [
        {"name": "Next spring", "kind": "hard", "from": "2027-03-01", "to": "2027-03-31"}
    ]
    await put_catalog(work, document)
    await request_release(work, by("U0ANN"), form(), "n")
    assert [row.state for row in await rows(work, Release)] == ["requested"]

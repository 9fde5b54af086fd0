"""Superseding: who may, in favour of what, and what becomes of the release and its obligations."""

from datetime import timedelta

import pytest

from models.audit import AuditEntry
from models.environments.tables import Booking
from models.errors import Refused
from models.lifecycle.lifecycle import Verb
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.releases.approval.approve import approve_release
from models.releases.approval.later_approvals import approve_afterwards
from models.releases.card import queries
from models.releases.card.available_verbs import available_verbs
from models.releases.card.release_lines import release_lines
from models.releases.plan.settle_task import complete_task
from models.releases.request.supersede import check_may_supersede, supersede_problem, supersede_release
from scheduler.approvals import chase_approvals
from scheduler.reminders import remind_of_milestones
from tests.conftest import MORNING
from tests.environments.steps import book
from tests.factories import make_release
from tests.releases.steps import approved, by, requested, rows, state

pytestmark = pytest.mark.usefixtures("people", "catalog")

LATER = {"window_start": MORNING + timedelta(days=20), "window_end": MORNING + timedelta(days=20, hours=2)}


def release_of(id_: int, state: str = "requested", service: str = "PAY") -> Release:
    return Release(id=id_, identifier=f"{service}-{id_}", service=service, state=state)


@pytest.mark.parametrize(
    ("older", "newer", "problem"),
    [
        (release_of(1), release_of(2), ""),
        (release_of(1), release_of(2, "deployed"), ""),
        (release_of(1), release_of(2, "expired"), ""),
        (release_of(1), release_of(1), "can't take its own place"),
        (release_of(2), release_of(1), "PAY-1 is older than PAY-2"),
        (release_of(1), release_of(2, service="WEB"), "WEB-2 is a release of WEB"),
        (release_of(1), release_of(2, "cancelled"), "PAY-2 is cancelled"),
        (release_of(1), release_of(2, "backed_out"), "PAY-2 is backed out"),
    ],
)
def test_only_a_newer_release_of_the_service_that_goes_on_takes_the_place(older, newer, problem):
    said = supersede_problem(older, newer)
    assert (problem in said) if problem else said == ""


async def superseded(work) -> tuple[int, int]:
    older = await approved(work)
    newer = await requested(work, person="U0BEN", nonce="newer", **LATER)
    await supersede_release(work, by("U0BEN"), older, newer, "9.3 has it all")
    return older, newer


async def test_the_requester_of_the_newer_one_supersedes_and_both_sides_say_so(work):
    older, newer = await superseded(work)
    assert (await state(work, older), await state(work, newer)) == ("cancelled", "requested")
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        old, new = [await queries.release_card(snapshot.session, catalog, one) for one in (older, newer)]
        (line,) = await release_lines(snapshot.session, snapshot.now, state="cancelled")
    assert old.superseded_by is not None
    assert (old.superseded_by.id, old.superseded_by.identifier) == (newer, "PAY-2026.002")
    assert [one.identifier for one in new.supersedes] == ["PAY-2026.001"]
    assert line.superseded_by == "PAY-2026.002"
    trail = {entry.tag: entry for entry in await rows(work, AuditEntry)}
    assert trail["release:superseded"].facts["newer"] == "PAY-2026.002"
    assert trail["release:supersedes"].facts["older"] == "PAY-2026.001"
    told = {row.facts["outcome"]: row for row in await rows(work, Outgoing) if row.message == "release_outcome"}
    assert (told["superseded"].release_id, told["supersedes"].release_id) == (older, newer)
    assert told["superseded"].facts["requester"] == "U0ANN"


async def test_others_are_told_who_may_and_twice_is_once(work):
    older = await approved(work)
    newer = await requested(work, person="U0BEN", nonce="newer", **LATER)
    with pytest.raises(Refused, match=r"for the requester of PAY-2026.002 and the release manager: Ben or Rita"):
        await supersede_release(work, by("U0ANN"), older, newer)
    with pytest.raises(Refused, match="whoever requested a newer release"):
        await check_may_supersede(work, by("U0ANN"), older)
    assert [one.id for one in (await check_may_supersede(work, by("U0RITA"), older)).choices] == [newer]
    for _ in range(2):
        await supersede_release(work, by("U0RITA"), older, newer)
    assert [entry.tag for entry in await rows(work, AuditEntry)].count("release:superseded") == 1
    with pytest.raises(Refused, match="No release of PAY is newer"):
        await check_may_supersede(work, by("U0RITA"), newer)


async def test_what_deploys_already_is_not_superseded(work):
    older = (await make_release(work, "deploying")).id
    newer = await requested(work, nonce="newer", **LATER)
    with pytest.raises(Refused, match="is deploying, so it cannot be superseded now"):
        await supersede_release(work, by("U0RITA"), older, newer)


async def test_a_superseded_release_owes_nothing_and_nobody_is_chased(work, clock):
    older = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), older, 1)
    newer = await requested(work, nonce="newer", **LATER)
    await supersede_release(work, by("U0ANN"), older, newer)
    with pytest.raises(Refused, match="needs no approvals afterwards"):
        await approve_afterwards(work, by("U0OLGA"), older, 1)
    with pytest.raises(Refused, match="needs nothing any more"):
        await complete_task(work, by("U0RITA"), (await rows(work, PlanTask))[0].id)
    clock.move(timedelta(days=6))
    await chase_approvals(work)
    await remind_of_milestones(work)
    reminded = {
        row.release_id for row in await rows(work, Outgoing) if row.message in ("approval_notice", "task_reminder")
    }
    assert older not in reminded


async def test_bookings_that_are_not_over_go_to_the_newer_release(work):
    older = await approved(work)
    booking = await book(work, "U0TOM", release="PAY-2026.001")
    newer = await requested(work, nonce="newer", **LATER)
    await supersede_release(work, by("U0ANN"), older, newer)
    (kept,) = await rows(work, Booking)
    assert (kept.id, kept.release_id, kept.status) == (booking.id, newer, "booked")


async def test_it_is_offered_to_those_who_may(work):
    older = await approved(work)
    await requested(work, person="U0BEN", nonce="newer", **LATER)
    async with work.reading() as snapshot:
        offers = {
            one: await available_verbs(snapshot, older, one) for one in ("U0BEN", "U0RITA", "U0ANN", "U0OLGA")
        }
    assert {one for one, offer in offers.items() if Verb.SUPERSEDE in offer.verbs} == {"U0BEN", "U0RITA"}

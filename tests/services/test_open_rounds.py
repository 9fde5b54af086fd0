"""What a changed catalog means for releases that are open, on both databases."""

import asyncio

import pytest
from sqlmodel import col, select

from messages.services.loosened import render
from models.audit import AuditEntry
from models.catalog.document import Catalog
from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.approvals import LaterApprovals, Round
from models.outbox import Outgoing
from models.releases.approval.approve import approve_release
from models.releases.approval.queries import approval_notice
from models.releases.approval.reject import reject_release, request_changes
from models.releases.card.queries import release_card
from models.releases.request.edit import edit_release
from models.services.apply import apply_catalog
from models.services.loosened import loosened_rules
from tests.conftest import example_document, put_catalog
from tests.factories import make_release
from tests.releases.steps import by, form, requested, state
from tests.slack_limits import assert_valid_message

pytestmark = pytest.mark.usefixtures("people")

PETRA = Actor(person="U0PETRA", surface="cli")


async def apply(work, change):
    """Put the example catalog into force after ``change`` has changed Payments."""
    document = example_document()
    change(document["services"][0])
    return await apply_catalog(work, PETRA, Catalog.model_validate(document))


def without_owners_approval(service):
    service["policy"]["types"]["minor"]["approvals"] = {"release_manager": 1}


def with_test_manager(service):
    service["policy"]["types"]["minor"]["approvals"] = {"release_manager": 1, "owner": 1, "test_manager": 1}


async def round_of(work, release, number=1):
    async with work.reading() as snapshot:
        return await snapshot.session.get(Round, (release, number))


async def events(work, tag):
    query = select(AuditEntry).where(AuditEntry.tag == tag).order_by(col(AuditEntry.id))
    async with work.reading() as snapshot:
        return (await snapshot.session.exec(query)).all()


async def messages(work, kind):
    query = select(Outgoing).where(Outgoing.message == kind).order_by(col(Outgoing.key))
    async with work.reading() as snapshot:
        return (await snapshot.session.exec(query)).all()


async def criteria(work, release, gate="entry"):
    query = select(Criterion.text).where(Criterion.release_id == release, Criterion.gate == gate)
    async with work.reading() as snapshot:
        return (await snapshot.session.exec(query.order_by(col(Criterion.position)))).all()


async def test_a_round_keeps_the_approvals_that_the_catalog_no_longer_asks_for(work, catalog):
    release = await requested(work)
    await apply(work, without_owners_approval)
    approved = await approve_release(work, by("U0RITA"), release, 1)
    assert approved.tally.missing_roles == ("owner",)
    async with work.reading() as snapshot:
        card = await release_card(snapshot.session, await snapshot.catalog(), release)
    assert [one.role for one in card.progress] == ["release_manager", "owner"]
    assert (await approve_release(work, by("U0OLGA"), release, 1)).tally.complete

    (kept,) = await events(work, "release:rules:kept")
    assert (kept.release_id, kept.person) == (release, "U0PETRA")
    assert kept.facts["kept"] == ["approvals by the owner: none, 1 before"]
    assert "approvals by the owner: none, 1 before" in kept.grounds


async def test_a_release_that_is_requested_or_resubmitted_afterwards_has_the_new_rules(work, catalog):
    release = await requested(work)
    await request_changes(work, by("U0OLGA"), release, 1, "Say more")
    await apply(work, without_owners_approval)
    assert await events(work, "release:rules:kept") == []
    await edit_release(work, by("U0ANN"), release, 1, form(description="More"))
    assert (await round_of(work, release, 1)).required == {"release_manager": 1, "owner": 1}
    assert (await round_of(work, release, 2)).required == {"release_manager": 1}
    assert (await approve_release(work, by("U0RITA"), release, 2)).tally.complete


async def test_owner_and_process_owner_are_told_what_was_loosened_and_which_rounds_are_open(work, catalog):
    await requested(work)
    await make_release(work, State.DEPLOYING, identifier="PAY-2026.900")
    await make_release(work, State.APPROVED, identifier="PAY-2026.901")
    await make_release(work, State.REQUESTED, identifier="PAY-2026.902", type="major")
    await apply(work, lambda pay: (without_owners_approval(pay), pay["criteria"].update(exit=[])))
    told = await messages(work, "rules_loosened")
    assert [row.recipient for row in told] == ["U0OLGA", "U0PETRA"]
    async with work.reading() as snapshot:
        record = await loosened_rules(snapshot.session, await snapshot.catalog(), told[0].facts)
    (service,) = record.services
    assert (record.by, service.name) == ("Petra", "Payments")
    assert service.lines == (
        "exit criterion dropped: No open defect without a known error and a workaround",
        "exit criterion dropped: Support documentation delivered to first line",
        "minor: approvals by the owner: none, 1 before",
    )
    assert service.releases == ("PAY-2026.001", "PAY-2026.901", "PAY-2026.902")
    message = render(record)
    assert_valid_message(message)
    assert "keep the rules they were requested under" in str(message.blocks)


async def test_nobody_is_told_of_a_catalog_that_loosens_nothing(work, catalog):
    await requested(work)
    await apply(work, lambda pay: pay["policy"]["approval"].update(remind_after="1h", expire_after="9d"))
    assert await messages(work, "rules_loosened") == []
    assert await events(work, "release:rules:tightened") == []


async def test_an_owner_who_is_replaced_with_the_loosening_is_told_too(work, catalog):
    await apply(work, lambda pay: (without_owners_approval(pay), pay.update(owner="U0KIM")))
    assert [row.recipient for row in await messages(work, "rules_loosened")] == ["U0KIM", "U0OLGA", "U0PETRA"]


async def test_an_undecided_round_is_asked_for_the_additional_approval_only(work, catalog):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    await apply(work, with_test_manager)
    (row,) = [one for one in await messages(work, "approval_notice") if one.facts["notice"] == "tightened"]
    async with work.reading() as snapshot:
        notice = await approval_notice(snapshot.session, release, row.facts, posted=False)
    assert notice.mentioned == ("U0TOM",)
    assert notice.added == ("approvals by the test manager: 1, none before",)
    assert not (await approve_release(work, by("U0OLGA"), release, 1)).tally.complete
    assert (await approve_release(work, by("U0TOM"), release, 1)).tally.complete


async def test_what_is_decided_stays_as_it_is(work, catalog):
    approved = await requested(work)
    await approve_release(work, by("U0RITA"), approved, 1)
    await approve_release(work, by("U0OLGA"), approved, 1)
    before = await criteria(work, approved)
    await apply(work, lambda pay: (with_test_manager(pay), pay["criteria"].update(entry=["New"])))
    assert await state(work, approved) == "approved"
    assert (await round_of(work, approved)).required == {"release_manager": 1, "owner": 1}
    assert await criteria(work, approved) == before
    assert await events(work, "release:rules:tightened") == []


async def test_new_criteria_are_added_to_undecided_releases_and_dropped_ones_stay(work, catalog):
    release = await requested(work)
    held = await criteria(work, release)
    await apply(work, lambda pay: pay["criteria"].update(entry=[held[0], "Rehearsed"]))
    assert await criteria(work, release) == [*held, "Rehearsed"]
    (tightened,) = await events(work, "release:rules:tightened")
    assert tightened.facts["added"] == ["entry criterion: Rehearsed"]
    (kept,) = await events(work, "release:rules:kept")
    assert kept.facts["kept"] == [f"entry criterion dropped: {held[1]}"]
    await edit_release(work, by("U0ANN"), release, 1, form(back_out_plan="Redeploy 9.0"))
    assert await criteria(work, release) == [held[0], "Rehearsed"]


async def test_who_has_approved_counts_in_an_added_role_that_they_hold(work):
    document = example_document()
    pay = document["services"][0]
    pay["roles"] |= {"release_manager": ["U0RITA", "U0SAM"], "test_manager": ["U0RITA"]}
    await put_catalog(work, document)
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    pay["policy"]["types"]["minor"]["approvals"] = {"release_manager": 1, "owner": 1, "test_manager": 1}
    await apply_catalog(work, PETRA, Catalog.model_validate(document))
    await approve_release(work, by("U0OLGA"), release, 1)
    assert (await approve_release(work, by("U0SAM"), release, 1)).tally.complete


async def test_rules_that_are_loosened_and_tightened_again_ask_for_nothing_twice(work, catalog):
    release = await requested(work)
    await apply(work, without_owners_approval)
    await apply(work, lambda pay: None)
    assert (await round_of(work, release)).required == {"release_manager": 1, "owner": 1}
    assert await events(work, "release:rules:tightened") == []


async def test_a_rejection_and_the_later_approvals_go_by_the_rules_of_the_round(work):
    document = example_document()
    pay = document["services"][0]
    pay["roles"]["release_manager"] = ["U0RITA", "U0SAM"]
    await put_catalog(work, document)
    rejected, emergency = await requested(work), await requested(work, nonce="2", type="emergency")
    pay["policy"]["approval"]["one_rejection_stops"] = False
    pay["policy"]["types"]["emergency"]["afterwards"] = {"approvals": {"owner": 1}, "within": "9d"}
    await apply_catalog(work, PETRA, Catalog.model_validate(document))
    await reject_release(work, by("U0SAM"), rejected, 1, "No")
    assert await state(work, rejected) == "rejected"
    await approve_release(work, by("U0RITA"), emergency, 1)
    async with work.reading() as snapshot:
        later = await snapshot.session.get(LaterApprovals, (emergency, 1))
    assert later.required == {"owner": 1, "test_manager": 1}
    assert (later.due_at - later.since).days == 2


async def test_a_round_without_a_row_keeps_the_rules_of_before_the_change(work, catalog):
    release = await make_release(work)
    async with work(PETRA) as tx:
        await tx.session.delete(await tx.session.get(Round, (release.id, 1)))
    await apply(work, without_owners_approval)
    assert not (await approve_release(work, by("U0RITA"), release.id, 1)).tally.complete


async def test_nobody_decides_on_a_type_that_the_catalog_has_lost(work, catalog):
    release = await requested(work)
    document = example_document()
    del document["services"][0]["policy"]["types"]["minor"]
    await put_catalog(work, document)
    with pytest.raises(Refused, match="no longer has minor releases of PAY, so nobody can decide"):
        await approve_release(work, by("U0RITA"), release, 1)


async def test_a_request_or_an_edit_at_the_same_moment_does_not_escape_what_is_tightened(work, catalog):
    edited = await requested(work, nonce="edited")
    document = example_document()
    document["services"][0]["policy"]["types"]["minor"]["approvals"]["test_manager"] = 1
    changed = form(back_out_plan="Redeploy 9.0")
    new, _, _ = await asyncio.gather(
        requested(work, nonce="new"),
        apply_catalog(work, PETRA, Catalog.model_validate(document)),
        edit_release(work, by("U0ANN"), edited, 1, changed),
    )
    assert "test_manager" in (await round_of(work, new)).required
    assert "test_manager" in (await round_of(work, edited, 2)).required


async def test_an_approval_at_the_same_moment_counts_by_the_rules_of_one_moment(work, catalog):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    document = example_document()
    document["services"][0]["policy"]["types"]["minor"]["approvals"]["test_manager"] = 1
    approved, _ = await asyncio.gather(
        approve_release(work, by("U0OLGA"), release, 1),
        apply_catalog(work, PETRA, Catalog.model_validate(document)),
    )
    tightened = "test_manager" in (await round_of(work, release)).required
    assert (approved.tally.complete, await state(work, release)) in (
        [(False, "requested")] if tightened else [(True, "approved")]
    )

"""Rules on trial stop nobody; whom they would have stopped is written down once for each step."""

from datetime import timedelta

import pytest

from messages.releases.approval.waivers import waive_row
from messages.releases.policy import check_blocks, policy_lines
from models.audit import AuditEntry
from models.catalog.allowed_choices import CLEARANCE_CODES, POLICY_RULES
from models.errors import Invalid, Refused
from models.freezes.arguments import FreezeArguments
from models.freezes.freeze import freeze_service
from models.freezes.lift import unfreeze
from models.lifecycle.obstacle_codes import Code
from models.lifecycle.tables.findings import ObservedStop, ReleaseFinding
from models.lifecycle.tables.release import Release
from models.releases.activities.deploy import mark_deployed, start_deployment
from models.releases.approval.approve import approve_release
from models.releases.approval.break_glass import break_glass
from models.releases.approval.waivers import waivable
from models.releases.card.queries import release_card
from models.releases.policy.judge import judge
from models.releases.policy.rules.facts import Surroundings
from models.releases.policy.rules.findings import Finding, Weight, tried_out
from models.releases.request.edit import edit_release
from models.releases.request.preview import RequestDraft, preview_request
from tests.conftest import MORNING, example_document, put_catalog
from tests.releases.policy.test_rules import HELD, OFFICE, asked
from tests.releases.steps import by, form, go_to_window, ready, requested, rows, state

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

LATER = MORNING + 9 * DAY

SATURDAY = {"window_start": MORNING + 11 * DAY, "window_end": MORNING + 11 * DAY + timedelta(hours=2)}


async def observe(work, *rules: str) -> None:
    document = example_document()
    document["services"][0]["policy"]["observe"] = list(rules)
    await put_catalog(work, document)


async def on_card(work, release: int) -> str:
    async with work.reading() as snapshot:
        return str(policy_lines((await release_card(snapshot.session, await snapshot.catalog(), release)).findings))


async def stops(work) -> list[tuple[str, str, str]]:
    return [(row.subject, row.step, row.rule) for row in await rows(work, ObservedStop)]


@pytest.mark.parametrize(
    ("weight", "observe", "becomes"),
    [
        (Weight.HARD, ("windows",), (Weight.INFO, Weight.HARD)),
        (Weight.SOFT, ("windows",), (Weight.INFO, Weight.SOFT)),
        (Weight.INFO, ("windows",), (Weight.INFO, None)),
        (Weight.OK, ("windows",), (Weight.OK, None)),
        (Weight.HARD, ("freezes",), (Weight.HARD, None)),
        (Weight.HARD, (), (Weight.HARD, None)),
    ],
)
def test_only_what_a_rule_on_trial_is_against_becomes_information(weight, observe, becomes):
    (found,) = tried_out([Finding(weight, "windows", "Closed.")], observe)
    assert (found.weight, found.would) == becomes


def test_every_rule_of_policy_can_be_tried_out_but_the_type():
    document = {"windows": OFFICE, "observe": list(POLICY_RULES)}
    facts = asked("2026-12-05T10:00", "2026-12-05T12:00", policy=document, type="major", method="by hand")
    found = judge(facts, Surroundings())
    assert {one.rule for one in found if one.would} >= {"windows", "notice", "method", "people"}
    assert [one for one in found if one.weight > Weight.INFO] == []
    names = {one.rule for one in judge(facts, Surroundings(holders=HELD))}
    assert names - {"type"} <= set(POLICY_RULES)
    assert tuple(Code) == CLEARANCE_CODES


@pytest.mark.usefixtures("people")
async def test_what_a_hard_rule_on_trial_would_have_refused_is_requested_and_written_down_once(work):
    await observe(work, "windows")
    start, end = SATURDAY["window_start"], SATURDAY["window_end"]
    draft = RequestDraft(service="PAY", type="minor", method="rolling", start=start, end=end)
    check = await preview_request(work, "U0ANN", draft)
    assert "Rule windows, on trial, would have stopped this: " in str(check_blocks(check))
    release = await requested(work, **SATURDAY)
    assert await stops(work) == [("PAY-2026.001", "request", "windows")]
    assert "Rule windows, on trial, would have stopped this." in await on_card(work, release)
    longer = form(**{**SATURDAY, "window_end": MORNING + 11 * DAY + timedelta(hours=3)})
    await edit_release(work, by("U0ANN"), release, 1, longer)
    await edit_release(work, by("U0ANN"), release, 2, form(**SATURDAY))
    assert [one[1] for one in await stops(work)] == ["request", "edit", "edit"]
    entry = next(row for row in await rows(work, AuditEntry) if row.tag == "release:rule_on_trial")
    assert (entry.release_id, entry.person, entry.facts["step"]) == (release, "U0ANN", "request")
    assert "is deployed Mon, Tue, Wed and Thu" in entry.grounds
    await observe(work)
    with pytest.raises(Invalid):
        await requested(work, nonce="again", **SATURDAY)


@pytest.mark.usefixtures("people")
async def test_what_would_have_needed_a_waiver_needs_none_and_is_written_down_at_the_last_approval(work):
    await observe(work, "collisions")
    await requested(work)
    release = await requested(work, nonce="2")
    (row,) = await rows(work, ReleaseFinding)
    assert (row.rule, row.observed) == ("collisions", True)
    assert (await on_card(work, release)).count("Rule collisions, on trial, would have stopped this.") == 1
    async with work.reading() as snapshot:
        card = await release_card(snapshot.session, await snapshot.catalog(), release)
    assert waive_row(card.id, card.round, card.state, card.findings) == []
    with pytest.raises(Refused, match="Nothing is left to waive"):
        await waivable(work, by("U0RITA"), release, 1)
    await approve_release(work, by("U0RITA"), release, 1)
    assert await stops(work) == []
    await approve_release(work, by("U0OLGA"), release, 1)
    assert await state(work, release) == "approved"
    assert await stops(work) == [("PAY-2026.002", "approval", "collisions")]
    assert (await on_card(work, release)).count("Rule collisions, on trial, would have stopped this.") == 1


@pytest.mark.usefixtures("people", "catalog")
async def test_a_typed_freeze_stops_a_start_until_it_is_lifted_and_stops_nobody_on_trial(work, clock):
    first, second = await ready(work), await ready(work, nonce="2", window_start=LATER, window_end=LATER + HOUR)
    await go_to_window(work, first)
    wanted = FreezeArguments("PAY", LATER + DAY, "Stocktaking")
    await freeze_service(work, by("U0RITA"), wanted, "d")
    with pytest.raises(Refused, match="Stocktaking"):
        await start_deployment(work, by("U0DANA"), first)
    await unfreeze(work, by("U0RITA"), "PAY")
    await start_deployment(work, by("U0DANA"), first)
    await mark_deployed(work, by("U0DANA"), first)
    await freeze_service(work, by("U0RITA"), wanted, "e")
    await observe(work, "freeze")
    clock.set(LATER)
    await start_deployment(work, by("U0DANA"), second)
    assert await stops(work) == [("PAY-2026.002", "start", "freeze")]
    assert "Rule freeze, on trial, would have stopped this." in await on_card(work, second)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("before", "after", "waits"), [((), ("collisions",), False), (("collisions",), (), False)])
async def test_what_was_or_is_on_trial_holds_nobody_up_until_an_edit_judges_anew(work, before, after, waits):
    await observe(work, *before)
    await requested(work)
    release = await requested(work, nonce="2")
    await observe(work, *after)
    await approve_release(work, by("U0RITA"), release, 1)
    await approve_release(work, by("U0OLGA"), release, 1)
    assert (await state(work, release) == "requested") is waits
    async with work.reading() as snapshot:
        round_ = (await snapshot.session.get(Release, release)).round
    moved = form(window_end=form().window_end + timedelta(minutes=30))
    await edit_release(work, by("U0ANN"), release, round_, moved)
    (row,) = await rows(work, ReleaseFinding)
    assert row.observed is (after == ("collisions",))


@pytest.mark.usefixtures("people")
async def test_broken_glass_passes_over_nothing_that_is_only_on_trial(work):
    await observe(work, "collisions")
    await requested(work)
    release = await requested(work, nonce="2")
    await break_glass(work, by("U0DANA"), release, 1, "Now")
    (entry,) = [row for row in await rows(work, AuditEntry) if row.facts.get("unwaived") is not None]
    assert entry.facts["unwaived"] in ((), [])

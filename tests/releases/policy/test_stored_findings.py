"""Policy in the use cases, on both databases: what is refused, what is stored, what waits for a waiver."""

import asyncio
from datetime import timedelta

import pytest

from models.audit import AuditEntry
from models.errors import Invalid, Refused
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.membership.tables import UserGroup
from models.packages.store import ref_of
from models.packages.tables import PackageNode
from models.releases.approval import approve as approvals
from models.releases.approval.approve import approve_release
from models.releases.approval.reject import request_changes
from models.releases.approval.waivers import waivable, waive
from models.releases.card.queries import release_card
from models.releases.package.copy_package import copy_package
from models.releases.package.edit import add_node, change_node, remove_node
from models.releases.package.edit_session import PackageEdit
from models.releases.package.forms import NodeForm
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from models.releases.request.preview import RequestDraft, preview_request
from models.releases.request.request import request_release
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import insert
from tests.releases.steps import by, form, requested, rows, state

pytestmark = pytest.mark.usefixtures("people")

MONTH_CLOSE = {"window_start": MORNING + timedelta(days=6), "window_end": MORNING + timedelta(days=6, hours=2)}
"""Mon 30 Nov 2026, 10:00 in Amsterdam."""


async def findings(work) -> list[tuple[str, str, str | None]]:
    return [(row.rule, row.key, row.waived_by) for row in await rows(work, ReleaseFinding)]


async def approve(work, release: int, round_: int = 1, people=("U0RITA", "U0OLGA")) -> None:
    for person in people:
        await approve_release(work, by(person), release, round_)


@pytest.mark.parametrize(
    ("days", "hours", "field", "words"),
    [
        (24, 0, "window_start", "hard freeze Year end"),
        (1, 0, "window_start", "Too short notice"),
        (10, 0, "window_start", "is deployed Mon, Tue, Wed and Thu 09:00-16:00"),
        (8, 5, "window_end", "has to end by Wed 2 Dec 2026 16:00 UTC+1"),
    ],
)
async def test_a_hard_violation_blocks_and_stands_under_its_input(work, catalog, days, hours, field, words):
    start = MORNING + timedelta(days=days)
    wrong = form(window_start=start, window_end=start + timedelta(hours=hours + 2))
    with pytest.raises(Invalid) as refused:
        await request_release(work, by("U0ANN"), wrong, "n")
    assert list(refused.value.problems) == [field]
    assert words in refused.value.problems[field]
    assert await rows(work, Release) == []


async def test_a_soft_one_is_kept_and_the_last_approval_waits_for_its_waiver(work, catalog):
    release = await requested(work, **MONTH_CLOSE)
    assert await findings(work) == [("freezes", "Month close 2026-11", None)]
    await approve_release(work, by("U0RITA"), release, 1)
    with pytest.raises(Refused, match=r"would complete PAY-2026.001, .* soft freeze Month close .* Press Waive"):
        await approve_release(work, by("U0OLGA"), release, 1)
    assert await state(work, release) == "requested"
    assert len(await rows(work, Decision)) == 1
    await waive(work, by("U0OLGA"), release, 1, "Finance agrees")
    await approve_release(work, by("U0OLGA"), release, 1)
    assert await state(work, release) == "approved"
    async with work.database.reading() as session:
        (shown,) = (await release_card(session, catalog, release)).findings
    assert (shown.waived_by, shown.reason) == ("Olga", "Finance agrees")
    waived = [row for row in await rows(work, AuditEntry) if row.tag == "release:finding:waived"]
    assert [(row.person, row.grounds) for row in waived] == [("U0OLGA", "Finance agrees")]


@pytest.mark.parametrize(
    ("person", "words"), [("U0ANN", "somebody else has to decide"), ("U0KIM", "is decided by its release manager")]
)
async def test_only_its_approvers_waive(work, catalog, person, words):
    release = await requested(work, **MONTH_CLOSE)
    with pytest.raises(Refused, match=words):
        await waivable(work, by(person), release, 1)
    with pytest.raises(Refused, match=words):
        await waive(work, by(person), release, 1, "Because")
    assert await findings(work) == [("freezes", "Month close 2026-11", None)]


async def test_a_waiver_has_a_reason_and_is_given_once(work, catalog):
    release = await requested(work, **MONTH_CLOSE)
    with pytest.raises(Invalid):
        await waive(work, by("U0RITA"), release, 1, "  ")
    for _ in range(2):  # the same form, delivered again
        await waive(work, by("U0RITA"), release, 1, "Finance agrees")
    assert [row.tag for row in await rows(work, AuditEntry)] == ["release:requested", "release:finding:waived"]
    with pytest.raises(Refused, match="Nothing is left to waive"):
        await waive(work, by("U0OLGA"), release, 1, "Me too")
    assert [row.reason for row in await rows(work, ReleaseFinding)] == ["Finance agrees"]


async def test_one_of_several_findings_can_be_waived_alone(work, catalog):
    await requested(work, nonce="first", **MONTH_CLOSE)
    release = await requested(work, nonce="second", **MONTH_CLOSE)
    _, waiting = await waivable(work, by("U0RITA"), release, 1)
    assert [(one.rule, one.key) for one in waiting] == [
        ("freezes", "Month close 2026-11"),
        ("collisions", "PAY-2026.001"),
    ]
    await waive(work, by("U0RITA"), release, 1, "Same team", waiting[1].id)
    _, waiting = await waivable(work, by("U0RITA"), release, 1)
    assert [one.rule for one in waiting] == ["freezes"]


async def test_a_collision_that_came_right_by_itself_waits_for_nobody(work, catalog):
    first = await requested(work, nonce="first")
    release = await requested(work, nonce="second")
    assert await findings(work) == [("collisions", "PAY-2026.001", None)]
    with pytest.raises(Refused, match=r"PAY-2026\.001 of Payments"):
        await approve(work, release)
    await cancel_release(work, by("U0ANN"), first)
    await approve(work, release, people=("U0OLGA",))
    assert await state(work, release) == "approved"
    assert await findings(work) == []


async def test_of_two_requests_at_the_same_moment_the_second_collides(work, catalog):
    await asyncio.gather(*(requested(work, nonce=nonce) for nonce in ("first", "second")))
    assert await findings(work) == [("collisions", "PAY-2026.001", None)]


async def test_a_refused_request_takes_no_number(work, catalog):
    with pytest.raises(Invalid):
        await requested(work, window_start=MORNING + timedelta(days=1))
    await requested(work)
    assert [row.identifier for row in await rows(work, Release)] == ["PAY-2026.001"]


async def test_a_release_of_a_service_that_hangs_together_collides(work, catalog):
    await requested(work, nonce="first")
    web = {"service": "WEB", "type": "minor", "nonce": "second"}
    await requested(work, **web)
    assert await findings(work) == [("collisions", "PAY-2026.001", None)]


async def test_a_waiver_stays_while_the_same_finding_holds_and_goes_with_it(work, catalog):
    release = await requested(work, **MONTH_CLOSE)
    await waive(work, by("U0OLGA"), release, 1, "Finance agrees")
    later = {name: moment + timedelta(hours=1) for name, moment in MONTH_CLOSE.items()}
    await edit_release(work, by("U0ANN"), release, 1, form(**later))
    assert await findings(work) == [("freezes", "Month close 2026-11", "U0OLGA")]
    await edit_release(work, by("U0ANN"), release, 2, form())
    assert await findings(work) == []
    december = {name: MORNING + timedelta(days=14, hours=h) for name, h in (("window_start", 0), ("window_end", 2))}
    await edit_release(work, by("U0ANN"), release, 3, form(**december))
    await edit_release(work, by("U0ANN"), release, 4, form(**MONTH_CLOSE))
    assert await findings(work) == [("freezes", "Month close 2026-11", None)]


async def test_a_waiver_is_for_what_it_was_told_and_a_typo_keeps_it(work, catalog):
    first = await requested(work, nonce="first")
    release = await requested(work, nonce="second")
    await waive(work, by("U0OLGA"), release, 1, "One after the other")
    earlier = form(window_start=form().window_start - timedelta(minutes=30))
    await edit_release(work, by("U0ANN"), first, 1, earlier)
    # The other release has moved: a typo or the same window leaves the waiver, another window takes it away.
    await edit_release(work, by("U0ANN"), release, 1, form(title="Card Payments 9.2"))
    assert ("collisions", "PAY-2026.001", "U0OLGA") in await findings(work)
    await edit_release(work, by("U0ANN"), first, 2, form())
    shorter = form(window_end=form().window_end - timedelta(minutes=30))
    await edit_release(work, by("U0ANN"), release, 1, shorter)
    assert ("collisions", "PAY-2026.001", None) in await findings(work)
    with pytest.raises(Refused, match="Press Waive"):
        await approve(work, release, 2)


async def test_an_edit_into_a_freeze_is_blocked_and_a_typo_is_not_held_up(work, catalog, clock):
    release = await requested(work)
    frozen = {name: MORNING + timedelta(days=27, hours=h) for name, h in (("window_start", 0), ("window_end", 2))}
    with pytest.raises(Invalid, match="hard freeze Year end"):
        await edit_release(work, by("U0ANN"), release, 1, form(**frozen))
    clock.move(timedelta(days=7))
    await edit_release(work, by("U0ANN"), release, 1, form(title="Card Payments 9.2"))
    assert [row.title for row in await rows(work, Release)] == ["Card Payments 9.2"]


async def test_notice_counts_from_the_request_unless_the_edit_asks_for_an_earlier_start(work, catalog, clock):
    release = await requested(work)
    clock.move(timedelta(days=6))
    await request_changes(work, by("U0OLGA"), release, 1, "Name the version")
    earlier = form(
        window_start=MORNING + timedelta(days=7, hours=2), window_end=MORNING + timedelta(days=7, hours=3)
    )
    with pytest.raises(Invalid, match="Too short notice"):
        await edit_release(work, by("U0ANN"), release, 1, earlier)
    await edit_release(work, by("U0ANN"), release, 1, form(back_out_plan="Redeploy 9.1.4"))
    assert await state(work, release) == "requested"


async def test_a_type_that_happens_too_often_waits_for_a_waiver(work, catalog):
    def window(days: int) -> dict:
        start = MORNING + timedelta(days=days)
        return {"type": "major", "window_start": start, "window_end": start + timedelta(hours=2)}

    await requested(work, nonce="first", **window(15))
    await requested(work, nonce="second", **window(16))
    await requested(work, nonce="third", **window(55))
    assert await findings(work) == [("frequency", "major", None)]


async def test_an_emergency_goes_out_on_a_saturday_in_a_freeze_without_a_waiver(work, catalog):
    saturday = {"window_start": MORNING + timedelta(days=4), "window_end": MORNING + timedelta(days=4, hours=1)}
    release = await requested(work, type="emergency", **saturday)
    assert await findings(work) == []
    await approve(work, release, people=("U0RITA",))
    assert await state(work, release) == "approved"


async def test_an_approval_that_completes_nothing_asks_no_more_than_before(work, catalog, monkeypatch):
    release = await requested(work, **MONTH_CLOSE)

    async def asked(*_arguments):
        raise AssertionError("the findings were read")

    monkeypatch.setattr(approvals, "require_waivers", asked)
    await approve_release(work, by("U0RITA"), release, 1)
    with pytest.raises(AssertionError):
        await approve_release(work, by("U0OLGA"), release, 1)


async def test_the_form_shows_what_submitting_would_say(work, catalog):
    start = MORNING + timedelta(days=24)
    asked = RequestDraft(service="PAY", type="minor", method="rolling", start=start, end=start + timedelta(hours=2))
    check = await preview_request(work, "U0ANN", asked)
    wrong = form(window_start=asked.start, window_end=asked.end)
    with pytest.raises(Invalid) as refused:
        await request_release(work, by("U0ANN"), wrong, "n")
    assert " ".join(one.sentence for one in check.findings if one.weight == 3) == str(refused.value)
    assert next(one.words for one in check.free) == "Tue 5 Jan 2027 09:00-11:00 UTC+1"


async def test_the_service_that_is_edited_is_not_in_its_own_way(work, catalog):
    release = await requested(work)
    window = form()
    asked = RequestDraft(
        service="PAY",
        type="minor",
        method="rolling",
        start=window.window_start,
        end=window.window_end,
        release_id=release,
    )
    check = await preview_request(work, "U0ANN", asked)
    assert all(one.weight < 2 for one in check.findings)


async def test_before_the_service_is_chosen_nothing_is_said(work, catalog):
    asked = RequestDraft(service="", type="", method="", start=None, end=None)
    assert await preview_request(work, "U0ANN", asked) is None


async def test_a_role_held_by_an_empty_user_group_is_missed(work):
    document = example_document()
    document["services"][0]["roles"]["els_lead"] = ["S0NOBODY"]
    await put_catalog(work, document)
    await requested(work, nonce="unread")
    assert await findings(work) == []
    await insert(work, UserGroup(id="S0NOBODY", read_at=MORNING))
    later = {name: MORNING + timedelta(days=9, hours=h) for name, h in (("window_start", 0), ("window_end", 2))}
    await requested(work, nonce="read", **later)
    assert await findings(work) == [("people", "els_lead", None)]


TOO_NEW = ("compatibility", "pay-api pay-db", None)

DB_16 = NodeForm(what="ci", item="pay-db", version="16.1")


async def edited(work, release: int) -> PackageEdit:
    rounds = {row.id: row.round for row in await rows(work, Release)}
    return PackageEdit(release, rounds[release], f"edit-{len(await rows(work, AuditEntry))}")


async def ask(work, **changes):
    fields = {"service": "PAY", "type": "minor", "method": "rolling", "start": None, "end": None, **changes}
    return await preview_request(work, "U0ANN", RequestDraft(**fields))


async def test_versions_that_do_not_fit_show_in_the_form_and_wait_for_a_waiver(work, catalog):
    check = await ask(work, items="pay-db 16.1, nonsense")
    sentence = "pay-api 9.1.0 needs pay-db >=14,<16; this package brings 16.1."
    assert sentence in [one.sentence for one in check.findings]
    release = await requested(work, items="pay-db 16.1")
    assert [(row.key, row.version, row.kind) for row in await rows(work, PackageNode)] == [
        ("pay-db", "16.1", "software")
    ]
    assert await findings(work) == [TOO_NEW]
    with pytest.raises(Refused, match=r"needs pay-db >=14,<16"):
        await approve(work, release)
    await waive(work, by("U0RITA"), release, 1, "9.1.0 was tried with it")
    await approve_release(work, by("U0OLGA"), release, 1)
    assert await state(work, release) == "approved"
    async with work.database.reading() as session:
        shown = await release_card(session, catalog, release)
    assert [one.sentence for one in shown.findings] == [sentence]
    assert shown.package.incompatible == ()  # the finding says it


async def test_items_that_cannot_be_read_are_refused_under_their_input(work, catalog):
    with pytest.raises(Invalid) as refused:
        await requested(work, items="pay-db, elsewhere 1", title=" ")
    assert list(refused.value.problems) == ["title", "items"]
    assert "Say which version of pay-db" in refused.value.problems["items"]
    assert "'elsewhere' is not a configuration item" in refused.value.problems["items"]
    assert await rows(work, Release) == []


async def test_an_edit_of_the_package_is_looked_at_again(work, catalog):
    release = await requested(work, nonce="first")
    other = await requested(work, nonce="second")  # at the same time
    collision = ("collisions", "PAY-2026.001", None)
    assert await findings(work) == [collision]
    ann = by("U0ANN")
    await add_node(work, ann, await edited(work, other), DB_16)
    assert await findings(work) == [collision, TOO_NEW]
    (node,) = await rows(work, PackageNode)
    fits = NodeForm(what="ci", item="pay-db", version="15.9")
    await change_node(work, ann, await edited(work, other), ref_of(node.id), fits)
    assert await findings(work) == [collision]
    await change_node(work, ann, await edited(work, other), ref_of(node.id), DB_16)
    await copy_package(work, ann, await edited(work, release), other)
    assert await findings(work) == [collision, TOO_NEW, TOO_NEW]
    await remove_node(work, ann, await edited(work, other), ref_of(node.id))
    assert await findings(work) == [collision, TOO_NEW]


async def test_the_form_of_a_release_that_is_edited_looks_at_its_package(work, catalog):
    release = await requested(work, items="pay-db 16.1")
    check = await ask(work, release_id=release)
    assert "compatibility" in [one.rule for one in check.findings]
    check = await ask(work)
    assert "compatibility" not in [one.rule for one in check.findings]


async def test_what_another_release_brings_before_is_looked_at(work, catalog):
    first = await requested(work, nonce="first", items="pay-db 16.1")
    await waive(work, by("U0RITA"), first, 1, "Tried")
    await approve(work, first)
    later = {"start": MORNING + timedelta(days=9), "end": MORNING + timedelta(days=9, hours=2)}
    said = "pay-api 9.2.0 needs pay-db >=14,<16; it is 16.1 from PAY-2026.001."
    after = await ask(work, items="pay-api 9.2.0", **later)
    assert said in [one.sentence for one in after.findings]
    earlier = {"start": MORNING + timedelta(days=7), "end": MORNING + timedelta(days=7, hours=2)}
    before = await ask(work, items="pay-api 9.2.0", **earlier)
    assert said not in [one.sentence for one in before.findings]


async def test_versions_that_fit_by_now_stand_on_no_card_and_wait_for_nobody(work, catalog):
    first = await requested(work, nonce="first", items="pay-db 16.1")
    await waive(work, by("U0RITA"), first, 1, "Tried")
    await approve(work, first)
    later = {"window_start": MORNING + timedelta(days=9), "window_end": MORNING + timedelta(days=9, hours=2)}
    release = await requested(work, nonce="second", items="pay-api 9.2.0", **later)
    assert TOO_NEW in await findings(work)
    await cancel_release(work, by("U0ANN"), first)
    async with work.database.reading() as session:
        assert (await release_card(session, catalog, release)).findings == ()
    await approve(work, release)
    assert await state(work, release) == "approved"

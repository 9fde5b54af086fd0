"""Comments, withdrawn approvals and requests whose window is over."""

from datetime import timedelta

import pytest

from models.audit import AuditEntry
from models.errors import Invalid, Refused, Stale
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.approvals import ApprovalChase, Decision
from models.outbox import Outgoing
from models.releases.approval.approve import approve_release, check_may_comment
from models.releases.approval.break_glass import break_glass
from models.releases.approval.past_window import window_is_over
from models.releases.approval.reject import reject_release, request_changes
from models.releases.approval.withdraw import withdraw_approval
from models.releases.card import queries
from models.releases.request.edit import edit_release
from models.releases.request.queries import content_news
from scheduler.approvals import chase_approvals
from tests.conftest import MORNING
from tests.factories import make_release
from tests.releases.approval.test_stand_ins import delegated
from tests.releases.steps import approved, by, form, requested, rows, state

pytestmark = pytest.mark.usefixtures("people", "catalog")

LATER = {"window_start": MORNING + timedelta(days=20), "window_end": MORNING + timedelta(days=20, hours=2)}


async def card_of(work, release: int):
    async with work.reading() as snapshot:
        return await queries.release_card(snapshot.session, await snapshot.catalog(), release)


async def test_a_comment_stays_on_the_card_with_role_and_moment_also_after_the_approval(work):
    release = await requested(work)
    await delegated(work, "U0OLGA", "U0SAM")
    await approve_release(work, by("U0RITA"), release, 1, "  After the month close, please ")
    await approve_release(work, by("U0SAM"), release, 1)
    assert await state(work, release) == "approved"
    rita, sam = (await card_of(work, release)).approvals
    assert (rita.person, rita.roles, rita.at) == ("Rita", ("release_manager",), MORNING)
    assert (rita.comment, rita.entitled) == ("After the month close, please", "holds release manager")
    assert (sam.person, sam.entitled) == ("Sam for Olga", "stands in for Olga, who holds owner")


async def test_a_comment_is_not_lost_on_somebody_who_cannot_approve(work):
    release = await requested(work)
    with pytest.raises(Invalid, match="500 is the most"):
        await approve_release(work, by("U0RITA"), release, 1, "x" * 501)
    await approve_release(work, by("U0RITA"), release, 1)
    with pytest.raises(Refused, match="Withdraw your approval, then approve with a comment"):
        await check_may_comment(work, by("U0RITA"), release, 1)
    with pytest.raises(Refused, match="You requested"):
        await check_may_comment(work, by("U0ANN"), release, 1)
    assert await check_may_comment(work, by("U0OLGA"), release, 1) == "PAY-2026.001"


async def test_an_approval_is_withdrawn_and_the_person_decides_anew(work, clock):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    for _ in range(2):
        await withdraw_approval(work, by("U0RITA"), release, 1, "click")
    assert await rows(work, Decision) == []
    with pytest.raises(Refused, match=r"You haven't approved PAY-2026.001"):
        await withdraw_approval(work, by("U0RITA"), release, 1, "another click")
    await approve_release(work, by("U0OLGA"), release, 1)
    assert await state(work, release) == "requested"
    await reject_release(work, by("U0RITA"), release, 1, "Read it again")
    tags = [entry.tag for entry in await rows(work, AuditEntry)]
    assert tags[1:3] == ["release:approval:granted", "release:approval:withdrawn"]


async def test_after_the_quorum_no_approval_is_withdrawn(work):
    release = await approved(work)
    with pytest.raises(Refused, match="is approved, so its approvals can't be withdrawn"):
        await withdraw_approval(work, by("U0RITA"), release, 1, "click")
    other = await requested(work, nonce="other", **LATER)
    await approve_release(work, by("U0RITA"), other, 1)
    await edit_release(work, by("U0ANN"), other, 1, form(**LATER, back_out_plan="Another way"))
    with pytest.raises(Stale):
        await withdraw_approval(work, by("U0RITA"), other, 1, "click")


async def test_only_who_gave_an_approval_withdraws_it(work):
    release = await requested(work)
    await delegated(work, "U0RITA", "U0SAM")
    await approve_release(work, by("U0SAM"), release, 1)
    with pytest.raises(Refused, match=r"Sam approved PAY-2026.001 in your place, so only Sam can withdraw"):
        await withdraw_approval(work, by("U0RITA"), release, 1, "click")
    await withdraw_approval(work, by("U0SAM"), release, 1, "click")
    (notice,) = [row for row in await rows(work, Outgoing) if row.facts.get("notice") == "withdrawn"]
    assert set(notice.facts["asked"]) == {"U0RITA", "U0OLGA"}


async def test_somebody_who_withdrew_is_chased_again(work, clock):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    await chase_approvals(work)
    await withdraw_approval(work, by("U0RITA"), release, 1, "click")
    (chase,) = await rows(work, ApprovalChase)
    assert chase.next_at == clock.now()
    await chase_approvals(work)
    clock.move(timedelta(days=1))
    await chase_approvals(work)
    chased = {
        one
        for row in await rows(work, Outgoing)
        if row.facts.get("notice") == "chased"
        for one in row.facts["asked"]
    }
    assert "U0RITA" in chased


@pytest.mark.parametrize(
    ("after", "emergency", "over"),
    [
        (timedelta(hours=-1), False, False),
        (timedelta(0), False, False),
        (timedelta(seconds=1), False, True),
        (timedelta(hours=24), True, False),
        (timedelta(hours=25), True, True),
    ],
)
def test_a_window_is_over_after_its_end_and_an_emergencys_a_day_later(after, emergency, over):
    assert window_is_over(MORNING, MORNING + after, emergency=emergency) is over


async def test_a_request_whose_window_is_over_is_not_approved_and_says_who_moves_it(work, clock):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    clock.move(timedelta(days=9))
    with pytest.raises(Refused, match=r"its window is over. It needs a new window first; Ann or Rita can move it"):
        await approve_release(work, by("U0OLGA"), release, 1)
    with pytest.raises(Refused, match="its window is over"):
        await check_may_comment(work, by("U0OLGA"), release, 1)
    assert len(await rows(work, Decision)) == 1
    await edit_release(work, by("U0ANN"), release, 1, form(**LATER))
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 2)
    assert await state(work, release) == "approved"


async def test_broken_glass_passes_over_a_window_that_is_over(work, clock):
    release = await requested(work)
    clock.move(timedelta(days=9))
    await break_glass(work, by("U0DANA"), release, 1, "The bank is down")
    assert await state(work, release) == "approved"


async def test_those_whose_turn_comes_again_are_mentioned_in_a_new_message(work):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    await edit_release(work, by("U0ANN"), release, 1, form(back_out_plan="Another way"))
    await send_back_and_resubmit(work, release)
    said = [row for row in await rows(work, Outgoing) if row.message == "content_news"]
    assert [row.facts["since"] for row in said] == [1, 2]
    async with work.reading() as snapshot:
        shown = await content_news(snapshot.session, release, said[1].facts, posted=False)
    assert shown is not None
    assert set(shown.mentioned) == {"U0RITA", "U0OLGA"}
    assert shown.resubmitted_by == "Ann"


async def test_after_an_expiry_that_nobody_decided_on_everybody_is_asked(work):
    release = await make_release(work, State.EXPIRED)
    await edit_release(work, by("U0ANN"), release.id, 1, form(**LATER))
    (said,) = [row for row in await rows(work, Outgoing) if row.message != "release_card"]
    assert (said.message, said.facts["outcome"]) == ("release_outcome", "resubmitted")
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        shown = await queries.release_outcome(snapshot.session, catalog, release.id, said.facts)
    assert set(shown.asked) == {"U0RITA", "U0OLGA"}


async def send_back_and_resubmit(work, release: int) -> None:
    await request_changes(work, by("U0OLGA"), release, 2, "Name the version")
    await edit_release(work, by("U0ANN"), release, 2, form(back_out_plan="A third way"))

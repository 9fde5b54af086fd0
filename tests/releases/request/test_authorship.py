"""Who changes what a release says doesn't decide on it, and those who decided are told old and new."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.errors import Invalid, Refused, Stale
from models.lifecycle.lifecycle import Verb
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.approvals import Round
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.releases.activities.go_no_go import say_go
from models.releases.activities.settle_criterion import MET, WAIVED, confirm_criterion, settle_criterion
from models.releases.approval.approve import approve_release
from models.releases.approval.break_glass import break_glass
from models.releases.approval.reject import request_changes
from models.releases.approval.standing_in.delegations import DelegationForm, delegate_approvals
from models.releases.approval.waivers import waive
from models.releases.card.available_verbs import available_verbs
from models.releases.package.edit import add_node, check_may_edit_package
from models.releases.package.edit_session import PackageEdit
from models.releases.package.forms import NodeForm
from models.releases.request.edit import check_may_edit_request, content_mark, edit_release
from models.releases.request.queries import content_news
from tests.conftest import MORNING, example_document, put_catalog
from tests.releases.steps import by, form, requested, rows, state, take_through_tests

pytestmark = pytest.mark.usefixtures("people", "catalog")

LATER = {"window_start": MORNING + timedelta(days=13), "window_end": MORNING + timedelta(days=13, hours=2)}

DECIDE = {Verb.APPROVE, Verb.REJECT, Verb.REQUEST_CHANGES}


@pytest.fixture(autouse=True)
async def two_managers(work, catalog):
    """Payments has two release managers, so that one of them may change a release and the other approve it."""
    document = example_document()
    document["services"][0]["roles"]["release_manager"] = ["U0RITA", "U0SAM"]
    await put_catalog(work, document)


async def round_of(work, release: int) -> Round:
    return [one for one in await rows(work, Round) if one.release_id == release][-1]


async def rewritten(work, person: str = "U0RITA", round_: int = 1, release: int = 0) -> int:
    """A release that ``person`` has rewritten."""
    release = release or await requested(work)
    await edit_release(work, by(person), release, round_, form(back_out_plan=f"Redeploy 9.1 ({round_})"))
    return release


async def told(work, release: int) -> list[Outgoing]:
    return [one for one in await rows(work, Outgoing) if one.key.startswith(f"content:{release}:")]


async def news(work, release: int, since: int):
    async with work.reading() as snapshot:
        return await content_news(snapshot.session, release, {"since": since}, posted=False)


@pytest.mark.parametrize(
    ("edit", "author"),
    [
        ({"back_out_plan": "Another way"}, True),
        ({"title": "Card payments 9.3"}, True),
        ({"method": "blue-green", **LATER}, True),
        (LATER, False),
        ({"title": "Card Payments 9.2"}, False),
        ({"title": "Card Payments 9.2", **LATER}, False),
    ],
)
async def test_who_is_an_author(work, edit, author):
    release = await requested(work)
    await edit_release(work, by("U0RITA"), release, 1, form(**edit))
    assert (await round_of(work, release)).authors == (["U0RITA"] if author else [])
    async with work.reading() as snapshot:
        row = await snapshot.session.get(Release, release)
        assert row is not None
        assert ("U0RITA" in await requesters_of(snapshot.session, row)) is author


async def test_the_words_stay_theirs_in_later_rounds_and_never_the_requesters(work):
    release = await rewritten(work)
    await edit_release(work, by("U0ANN"), release, 2, form(method="blue-green"))
    await edit_release(work, by("U0RITA"), release, 3, form(**LATER))
    row = await round_of(work, release)
    assert (row.round, row.authors) == (4, ["U0RITA"])


async def test_a_build_manager_who_edits_the_package_is_an_author(work):
    release = await requested(work)
    item = NodeForm(what="ci", item="pay-db", version="15.5")
    await add_node(work, by("U0BEN"), PackageEdit(release, 1, "a"), item)
    assert (await round_of(work, release)).authors == ["U0BEN"]


async def test_an_author_does_not_decide_and_another_one_does(work):
    release = await rewritten(work)
    for attempt in (
        approve_release(work, by("U0RITA"), release, 2),
        request_changes(work, by("U0RITA"), release, 2, "No"),
        waive(work, by("U0RITA"), release, 2, "Why not"),
    ):
        with pytest.raises(Refused, match=r"You changed what PAY-2026.001 says, so somebody else .*: Olga or Sam"):
            await attempt
    with pytest.raises(
        Refused, match=r"You changed what PAY-2026.001 says, so somebody else has to break the glass"
    ):
        await break_glass(work, by("U0RITA"), release, 2, "Now")
    async with work.reading() as snapshot:
        assert (await available_verbs(snapshot, release, "U0RITA")).verbs.isdisjoint({*DECIDE, Verb.BREAK_GLASS})
        assert (await available_verbs(snapshot, release, "U0SAM")).verbs >= DECIDE
    for person in ("U0SAM", "U0OLGA"):
        await approve_release(work, by(person), release, 2)
    assert await state(work, release) == "approved"


async def test_nobody_stands_in_for_an_author_and_an_author_for_nobody(work):
    await delegate_approvals(work, by("U0RITA"), DelegationForm("U0KIM", MORNING.date()), "d")
    await delegate_approvals(work, by("U0OLGA"), DelegationForm("U0RITA", MORNING.date()), "e")
    release = await rewritten(work)
    with pytest.raises(Refused, match="is decided by its"):
        await approve_release(work, by("U0KIM"), release, 2)
    with pytest.raises(Refused, match="You changed what"):
        await approve_release(work, by("U0RITA"), release, 2)


async def test_an_author_neither_says_go_nor_waives_or_confirms_a_criterion(work):
    release = await rewritten(work)
    for person in ("U0SAM", "U0OLGA"):
        await approve_release(work, by(person), release, 2)
    first, second = (await rows(work, Criterion))[:2]
    with pytest.raises(Refused, match=r"You changed what .* waive its criteria"):
        await settle_criterion(work, by("U0RITA"), first.id, WAIVED, "Not now")
    await settle_criterion(work, by("U0RITA"), second.id, MET, "https://wiki.example/evidence")
    with pytest.raises(Refused, match=r"You changed what .*, so somebody else has to confirm this"):
        await confirm_criterion(work, by("U0RITA"), second.id)
    await confirm_criterion(work, by("U0TOM"), second.id)
    await take_through_tests(work, release)
    with pytest.raises(Refused, match=r"You changed what .*, so somebody else has to decide here: Olga or Sam"):
        await say_go(work, by("U0RITA"), release)
    await say_go(work, by("U0SAM"), release)


async def test_those_who_decided_are_told_old_and_new_once_and_see_what_follows(work):
    release = await requested(work)
    await approve_release(work, by("U0OLGA"), release, 1)
    await edit_release(work, by("U0ANN"), release, 1, form(title="Card payments 9.3"))
    await edit_release(work, by("U0ANN"), release, 2, form(title="Card payments 9.4", method="blue-green"))
    (message,) = await told(work, release)
    assert (message.wanted, message.in_thread, message.message) == (2, True, "content_news")
    shown = await news(work, release, 1)
    assert shown is not None
    assert (shown.mentioned, shown.editors, shown.apart) == (("U0OLGA", "U0RITA", "U0SAM"), ("Ann",), ())
    assert [(one.field, one.before, one.after) for one in shown.changes] == [
        ("title", "Card payments 9.2", "Card payments 9.4"),
        ("method", "rolling", "blue-green"),
    ]


async def test_spelling_asks_nobody_and_drifts_nowhere(work):
    release = await requested(work)
    await approve_release(work, by("U0OLGA"), release, 1)
    await edit_release(work, by("U0RITA"), release, 1, form(description="Faster settlememt"))
    assert await told(work, release) == []
    assert (await round_of(work, release)).corrected == {"description": "Faster settlement"}
    # Two letters at a time it would become another word.
    await edit_release(work, by("U0RITA"), release, 1, form(description="Faster sattlemamt"))
    row = await round_of(work, release)
    assert (row.round, row.authors, row.corrected) == (2, ["U0RITA"], {})


async def test_who_approved_and_then_rewrote_it_is_not_asked_again(work):
    release = await requested(work)
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 1)
    await rewritten(work, release=release)
    shown = await news(work, release, 1)
    assert shown is not None
    assert (shown.mentioned, shown.apart) == (("U0OLGA", "U0SAM"), ("Rita",))


async def test_who_asked_for_changes_is_told_what_became_of_them(work):
    release = await requested(work)
    await request_changes(work, by("U0OLGA"), release, 1, "Name the way back")
    item = NodeForm(what="ci", item="pay-db", version="15.5")
    await add_node(work, by("U0BEN"), PackageEdit(release, 1, "a"), item)
    assert await told(work, release) == []
    await edit_release(work, by("U0ANN"), release, 1, form(back_out_plan="Redeploy 9.1 in 20 minutes"))
    shown = await news(work, release, 1)
    assert shown is not None
    assert (shown.mentioned, shown.editors) == (("U0OLGA", "U0RITA", "U0SAM"), ("Ben", "Ann"))
    assert [(one.before, one.after) for one in shown.changes] == [
        ("", "pay-db 15.5 (software)"),
        ("Redeploy 9.1", "Redeploy 9.1 in 20 minutes"),
    ]
    assert (await round_of(work, release)).authors == ["U0BEN"]


async def test_broken_glass_that_no_longer_holds_asks_everybody_who_could_approve(work):
    release = await requested(work)
    await break_glass(work, by("U0DANA"), release, 1, "Shops are closed")
    await edit_release(work, by("U0ANN"), release, 1, form(method="blue-green"))
    shown = await news(work, release, 1)
    assert shown is not None
    assert shown.mentioned == ("U0RITA", "U0SAM", "U0OLGA")


async def test_an_edit_that_leaves_too_few_people_is_refused_and_names_who_can_make_it(work):
    release = await rewritten(work)
    found = await check_may_edit_request(work, by("U0SAM"), release)
    assert found.cost is not None
    assert "it takes 1 release manager and 1 owner. Ask Ann or Rita to change it." in found.cost.refusal
    with pytest.raises(Invalid) as caught:
        await edit_release(work, by("U0SAM"), release, 2, form(method="blue-green", **LATER))
    assert set(caught.value.problems) == {"method"}
    with pytest.raises(Refused, match="Ask Ann, Ben or Rita to change it"):
        await check_may_edit_package(work, by("U0SAM"), release)
    item = NodeForm(what="ci", item="pay-db", version="15.5")
    with pytest.raises(Refused, match="too few people are left"):
        await add_node(work, by("U0SAM"), PackageEdit(release, 2, "a"), item)
    assert (await round_of(work, release)).round == 2
    await edit_release(work, by("U0SAM"), release, 2, form(back_out_plan="Redeploy 9.1 (1)", **LATER))
    assert (await round_of(work, release)).authors == ["U0RITA"]


async def test_the_form_says_whose_approvals_it_costs(work):
    release = await requested(work)
    await approve_release(work, by("U0OLGA"), release, 1)
    cost = (await check_may_edit_request(work, by("U0RITA"), release)).cost
    assert cost is not None
    assert (cost.approvals, cost.author, cost.refusal) == (("Olga",), True, "")
    assert cost.unless_spelling == ("title", "description")
    own = (await check_may_edit_request(work, by("U0ANN"), release)).cost
    assert own is not None
    assert not own.author


async def test_of_two_who_edit_at_once_the_second_overwrites_nothing(work):
    release = await requested(work)
    async with work.database.reading() as session:
        seen = content_mark((await session.exec(select(Release))).one())
    await edit_release(work, by("U0RITA"), release, 1, form(title="Card Payments 9.2"), seen)
    with pytest.raises(Stale, match="was changed meanwhile"):
        await edit_release(work, by("U0ANN"), release, 1, form(description="Faster settlements"), seen)


async def test_a_round_keeps_what_was_material_when_it_began(work):
    release = await requested(work)
    document = example_document()
    document["services"][0]["policy"]["material"] = {"back_out_plan": "never", "type": "never"}
    await put_catalog(work, document)
    await edit_release(work, by("U0ANN"), release, 1, form(back_out_plan="Another way"))
    assert (await round_of(work, release)).round == 2
    await edit_release(work, by("U0ANN"), release, 2, form(back_out_plan="Yet another way"))
    assert (await round_of(work, release)).round == 2
    # A type that others approve is material all the same.
    await edit_release(work, by("U0ANN"), release, 2, form(back_out_plan="Yet another way", type="emergency"))
    assert (await round_of(work, release)).round == 3

"""A release offers to a person what the use cases would let them do."""

from datetime import timedelta

import pytest

from models.errors import Refused
from models.lifecycle.lifecycle import Verb
from models.releases.approval.approve import approve_release
from models.releases.approval.break_glass import check_may_break
from models.releases.approval.later_approvals import approve_afterwards
from models.releases.approval.reject import reject_release
from models.releases.approval.standing_in.delegations import DelegationForm, delegate_approvals
from models.releases.card.available_verbs import AvailableVerbs, available_verbs
from models.releases.request.edit import check_may_edit_request
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import make_release
from tests.releases.steps import by, requested

pytestmark = pytest.mark.usefixtures("people", "catalog")

DECIDE = {Verb.APPROVE, Verb.REJECT, Verb.REQUEST_CHANGES}


async def offer_to(work, release: int, person: str) -> AvailableVerbs:
    async with work.reading() as snapshot:
        return await available_verbs(snapshot, release, person)


@pytest.mark.parametrize(
    ("person", "verbs", "edit"),
    [
        ("U0ANN", {Verb.CANCEL}, True),
        ("U0RITA", {*DECIDE, Verb.CANCEL, Verb.BREAK_GLASS}, True),
        ("U0OLGA", {*DECIDE, Verb.CANCEL, Verb.BREAK_GLASS}, False),
        ("U0DANA", {Verb.BREAK_GLASS}, False),
        ("U0KIM", set(), False),
    ],
)
async def test_a_request_offers_what_each_may_do(work, person, verbs, edit):
    release = await requested(work)
    offer = await offer_to(work, release, person)
    assert (offer.verbs, offer.edit, offer.later_approval) == (verbs, edit, False)
    try:
        await check_may_edit_request(work, by(person), release)
    except Refused:
        assert not edit
    try:
        await reject_release(work, by(person), release, 1, "No")
    except Refused:
        assert Verb.REJECT not in verbs


async def test_a_requester_who_is_the_manager_is_offered_no_decision(work):
    release = await requested(work, person="U0RITA")
    offer = await offer_to(work, release, "U0RITA")
    assert offer.verbs.isdisjoint(DECIDE)


@pytest.mark.parametrize("requester", ["U0ANN", "U0RITA", "U0OLGA", "U0DANA"])
async def test_breaking_the_glass_is_offered_to_those_who_could(work, requester):
    release = await requested(work, person=requester)
    for person in ("U0ANN", "U0RITA", "U0OLGA", "U0DANA", "U0KIM"):
        offered = Verb.BREAK_GLASS in (await offer_to(work, release, person)).verbs
        assert offered == (person in {"U0RITA", "U0OLGA", "U0DANA"} - {requester})
        try:
            await check_may_break(work, by(person), release)
        except Refused:
            assert not offered
        else:
            assert offered


async def test_the_glass_is_not_offered_for_a_type_that_the_catalog_has_no_longer(work):
    release = await requested(work)
    document = example_document()
    del document["services"][0]["policy"]["types"]["minor"]
    await put_catalog(work, document)
    assert (await offer_to(work, release, "U0DANA")).verbs == set()
    with pytest.raises(Refused, match="The catalog no longer knows minor releases of PAY"):
        await check_may_break(work, by("U0DANA"), release)


async def test_the_requester_is_never_offered_to_say_go(work):
    release = (await make_release(work, "ready", requester="U0RITA")).id
    for person, offered_to in (("U0RITA", {Verb.NO_GO}), ("U0OLGA", {Verb.GO, Verb.NO_GO}), ("U0TOM", set())):
        offer = await offer_to(work, release, person)
        assert offer.verbs & {Verb.GO, Verb.NO_GO} == offered_to


async def test_whoever_stands_in_is_offered_to_decide(work):
    release = await requested(work)
    assert (await offer_to(work, release, "U0SAM")).verbs == set()
    form = DelegationForm("U0SAM", MORNING.date(), MORNING.date() + timedelta(days=2))
    await delegate_approvals(work, by("U0OLGA"), form, "n")
    assert (await offer_to(work, release, "U0SAM")).verbs == DECIDE


async def test_what_an_emergency_owes_is_offered_to_whoever_brings_it_on(work):
    release = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), release, 1)
    for person, owed in (("U0OLGA", True), ("U0TOM", True), ("U0RITA", False), ("U0ANN", False), ("U0KIM", False)):
        assert (await offer_to(work, release, person)).later_approval is owed
    await approve_afterwards(work, by("U0OLGA"), release, 1)
    assert not (await offer_to(work, release, "U0OLGA")).later_approval
    assert (await offer_to(work, release, "U0TOM")).later_approval

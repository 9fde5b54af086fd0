"""Risk and the approvals that it takes are fixed at the request; a higher one at *Go* stands in the way."""

from datetime import timedelta

import pytest

from messages.releases.card.details import details
from messages.releases.policy import check_blocks
from models.catalog.document import Catalog
from models.errors import Refused
from models.events import SYSTEM, Actor
from models.lifecycle.tables.approvals import Round
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.plan import SustainingPerson
from models.releases.activities.go_no_go import say_go
from models.releases.approval.approve import approve_release
from models.releases.card.available_verbs import AvailableVerbs
from models.releases.card.queries import release_card
from models.releases.clearance.ask import NotCleared
from models.releases.clearance.overrides import override
from models.releases.policy.read_record import read_record
from models.releases.policy.rules.service_record import NO_RECORD, ServiceRecord
from models.releases.request.edit import edit_release
from models.releases.request.preview import RequestDraft, preview_request
from models.services.apply import apply_catalog
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import insert, make_deployment, make_incident, make_release
from tests.releases.steps import approved, by, form, requested, rows, state, take_through_tests

pytestmark = pytest.mark.usefixtures("people", "catalog")

PETRA = Actor(person="U0PETRA", surface="cli")

MANY = ", ".join(f"CHG{number:07d}" for number in range(1, 8))

DAY = timedelta(days=1)


def with_more_approvals(**policy):
    document = example_document()
    pay = document["services"][0]
    pay["policy"]["types"]["minor"]["approvals_from"] = {"medium": {"test_manager": 1}}
    pay["policy"] |= policy
    return document


async def rounds(work) -> list[tuple[int, str, dict[str, int]]]:
    return [(row.round, row.risk, row.required) for row in await rows(work, Round)]


async def test_risk_and_approvals_are_fixed_with_each_round_and_shown(work):
    await put_catalog(work, with_more_approvals())
    low = {"release_manager": 1, "owner": 1}
    release = await requested(work, changes=MANY)
    assert await rounds(work) == [(1, "medium", {**low, "test_manager": 1})]
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 1)
    assert await state(work, release) == "requested"
    async with work.reading() as snapshot:
        card = await release_card(snapshot.session, await snapshot.catalog(), release)
    assert card.risk == "medium"
    assert card.risk_factors[0] == "medium: It brings 7 authorised changes."
    shown = str(details(card, AvailableVerbs(frozenset())))
    assert "It brings 7 authorised changes." in shown
    assert "has no record" in shown
    await approve_release(work, by("U0TOM"), release, 1)
    assert await state(work, release) == "approved"
    await edit_release(work, by("U0ANN"), release, 1, form(changes="CHG0000001"))
    assert (await rounds(work))[1] == (2, "low", low)


async def test_the_form_explains_the_risk_and_what_it_takes(work):
    await put_catalog(work, with_more_approvals())
    start = MORNING + 8 * DAY
    draft = RequestDraft(
        service="PAY", type="minor", method="rolling", start=start, end=start + DAY / 12, changes=MANY
    )
    check = await preview_request(work, "U0ANN", draft)
    said = str(check_blocks(check))
    assert (
        "It brings 7 authorised changes. It takes the approval of 1 release manager, 1 owner and 1 test manager."
        in said
    )
    check = await preview_request(
        work, "U0ANN", RequestDraft(service="PAY", type="minor", method="", start=None, end=None)
    )
    assert "nothing raises it" in str(check_blocks(check))


async def test_a_round_keeps_what_its_risk_asked_for_and_takes_what_is_added(work):
    await put_catalog(work, with_more_approvals())
    await requested(work, changes=MANY)
    await requested(work, nonce="calm", window_start=MORNING + 9 * DAY, window_end=MORNING + 9 * DAY + DAY / 12)
    document = with_more_approvals()
    document["services"][0]["policy"]["types"]["minor"]["approvals_from"] = {"medium": {"build_manager": 1}}
    await apply_catalog(work, PETRA, Catalog.model_validate(document))
    usual = {"release_manager": 1, "owner": 1}
    assert [required for _, _, required in await rounds(work)] == [
        {**usual, "test_manager": 1, "build_manager": 1},
        usual,
    ]


async def test_a_higher_risk_at_go_is_overridden(work, clock):
    release = await approved(work)
    await take_through_tests(work, release)
    for number in range(3):
        other = await make_release(work, "backed_out", identifier=f"PAY-2026.{900 + number}")
        await make_deployment(work, other, outcome="backed_out")
    with pytest.raises(NotCleared) as refused:
        await say_go(work, by("U0RITA"), release)
    (line,) = refused.value.answer.lines
    assert line.obstacle.name == ("risk", "high")
    assert line.obstacle.text == (
        "Its risk is high by now; it was low when it was requested. Of 3 deployments of Payments in the last 180 "
        "days 3 were backed out."
    )
    await override(work, by("U0OLGA"), release, 1, [("risk", "high")], "The pipeline was broken, and is mended")
    await say_go(work, by("U0RITA"), release)


async def test_another_release_at_the_same_time_raises_no_risk_at_go(work):
    """It is a collision, which is asked for on its own."""
    release = await approved(work)
    await take_through_tests(work, release)
    await make_release(work, window_start=MORNING + 8 * DAY)
    with pytest.raises(NotCleared) as refused:
        await say_go(work, by("U0RITA"), release)
    assert [line.obstacle.code for line in refused.value.answer.lines] == ["collision"]


async def test_a_round_of_an_unknown_risk_is_not_held_up(work):
    release = await approved(work, changes="CHG0000001")
    await take_through_tests(work, release)
    async with work(SYSTEM) as tx:
        (await tx.session.get(Round, (release, 1))).risk = ""
    for number in range(3):
        await make_deployment(
            work, await make_release(work, identifier=f"PAY-2026.{900 + number}"), outcome="backed_out"
        )
    await say_go(work, by("U0RITA"), release)


async def test_the_record_counts_each_deployment_by_the_worst_that_came_of_it(work, clock):
    async def read():
        async with work.reading() as snapshot:
            return await read_record(snapshot.session, "PAY", snapshot.now)

    now = clock.now()
    for number, (change, outcome) in enumerate(
        [
            ("CHG1", "deployed"),
            ("CHG2", "deployed"),
            ("CHG3", "deployed"),
            ("CHG4", "deployed"),
            ("CHG5", "backed_out"),
        ]
    ):
        if number == 2:
            assert await read() == NO_RECORD
        release = await make_release(work, "deployed", identifier=f"PAY-2026.{900 + number}", changes=[change])
        await make_deployment(work, release, outcome=outcome, started_at=now - DAY)
    await make_deployment(work)  # unrecorded
    await make_deployment(work, await make_release(work, "deploying"), outcome="under_way")
    old = await make_release(work, "deployed", changes=["CHG6"])
    await make_deployment(work, old, started_at=now - timedelta(days=181))
    web = await make_release(work, "deployed", service="WEB", identifier="Release Package 9 v1.0")
    await make_deployment(work, web)
    await make_incident(work, priority=3, caused_by="chg1")
    await make_incident(work, priority=1, caused_by="CHG1")
    await make_incident(work, priority=2, caused_by="CHG2")
    await make_incident(work, priority=None, caused_by="CHG3")
    await make_incident(work, priority=1, caused_by="CHG4", opened_at=now - 2 * DAY)  # before its deployment
    await make_incident(work, priority=1, change="CHG4")
    assert await read() == ServiceRecord(successful=1, backed_out=1, critical=1, major=1, minor=1)


async def stored(work) -> list[tuple[str, str]]:
    return [(row.rule, row.key) for row in await rows(work, ReleaseFinding)]


async def test_the_same_change_waits_for_a_waiver_only_where_the_service_says_so(work):
    later = {"window_start": MORNING + 9 * DAY, "window_end": MORNING + 9 * DAY + DAY / 12}
    await requested(work)
    await requested(work, nonce="second", changes="CHG0000131, CHG0000132", **later)
    assert await stored(work) == []
    await put_catalog(work, with_more_approvals(soft=["same_change"]))
    last = {name: moment + 5 * DAY for name, moment in later.items()}
    third = await requested(work, nonce="third", changes="CHG0000131", **last)
    assert await stored(work) == [("same_change", "PAY-2026.002")]
    await approve_release(work, by("U0RITA"), third, 1)
    with pytest.raises(Refused, match=r"CHG0000131 is in another open release, too: PAY-2026\.002 of Payments"):
        await approve_release(work, by("U0OLGA"), third, 1)


async def test_somebody_who_is_needed_twice_at_once_is_named(work):
    document = with_more_approvals(soft=["same_person"])
    for service, owner in zip(document["services"], ("deployment_staff", "release_manager"), strict=True):
        task = {"phase": "implementation", "title": "Deploy", "due": "T", "owner": owner}
        service["policy"].setdefault("plan", []).append(task)
    await put_catalog(work, document)
    start = MORNING + 8 * DAY
    web = await make_release(work, service="WEB", identifier="Release Package 9 v1.0", window_start=start)
    await requested(work, nonce="alone")
    assert [one for one in await stored(work) if one[0] == "same_person"] == []  # two people manage releases of WEB
    await insert(work, SustainingPerson(release_id=web.id, person="U0DANA", named_by="U0RITA", named_at=MORNING))
    await requested(work, nonce="with Dana", window_start=start + DAY / 24)
    assert [one for one in await stored(work) if one[0] == "same_person"] == [
        ("same_person", "U0DANA Release Package 9 v1.0"),
        ("same_person", "U0DANA PAY-2026.001"),
    ]

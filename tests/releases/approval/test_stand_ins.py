"""Standing in for somebody: the rules as tables, then deciding and delegating on both databases."""

import asyncio
import contextlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from models.audit import AuditEntry
from models.catalog.quorum import Approval, tally
from models.errors import Invalid, Refused
from models.events import SYSTEM
from models.home.home import read_home
from models.lifecycle.lifecycle import Verb
from models.lifecycle.people_to_read import people_to_read
from models.lifecycle.tables.approvals import Decision, Delegation
from models.lifecycle.tables.plan import PlanTask
from models.membership.tables import Person
from models.people.away_status import says_away
from models.people.directory_refresh import profile_of, remember_people
from models.releases.approval.approve import approve_release
from models.releases.approval.permission import check_may_decide
from models.releases.approval.reject import reject_release, request_changes
from models.releases.approval.rights import DecisionRight, stand_in_rights
from models.releases.approval.standing_in import delegations as delegating
from models.releases.approval.standing_in.delegation_arguments import parse_delegation
from models.releases.approval.standing_in.delegations import (
    DelegationForm,
    delegate_approvals,
    delegation_days,
    delegations_of,
)
from models.releases.approval.standing_in.stand_ins import delegation_holds
from models.releases.card import queries
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import insert
from tests.releases.steps import by, requested, rows, state

HELD = {"U0RITA": {"release_manager"}, "U0OLGA": {"owner"}, "U0KIM": {"knowledge_manager"}}

ASKED = ("release_manager", "owner")


@pytest.mark.parametrize(
    ("person", "requester", "delegators", "found"),
    [
        ("U0SAM", "U0ANN", ["U0RITA"], [DecisionRight(("release_manager",), "U0RITA")]),
        ("U0SAM", "U0ANN", ["U0RITA", "U0OLGA", "U0RITA"],
         [DecisionRight(("release_manager",), "U0RITA"), DecisionRight(("owner",), "U0OLGA")]),
        # Not for somebody whose roles are not required.
        ("U0SAM", "U0ANN", ["U0KIM"], []),
        # A chain: Sam holds nothing himself, so his stand-in gets nothing of Rita's.
        ("U0TOM", "U0ANN", ["U0SAM"], []),
        # A circle: each acts for the other, in the other's own role only.
        ("U0RITA", "U0ANN", ["U0OLGA"], [DecisionRight(("owner",), "U0OLGA")]),
        ("U0OLGA", "U0ANN", ["U0RITA"], [DecisionRight(("release_manager",), "U0RITA")]),
        ("U0RITA", "U0ANN", ["U0RITA"], []),
        # The requester acts for nobody, and nobody for the requester.
        ("U0SAM", "U0SAM", ["U0RITA"], []),
        ("U0SAM", "U0RITA", ["U0RITA"], []),
    ],
)  # fmt: skip
def test_somebody_stands_in_one_step_and_never_where_the_requester_is_one_of_the_two(
    person, requester, delegators, found
):
    assert stand_in_rights(person, {requester}, ASKED, delegators, HELD) == found


RITA, OLGA = Approval("U0RITA", ("release_manager",)), Approval("U0OLGA", ("owner",))

SAM_FOR_RITA = Approval("U0SAM", ("release_manager",), "U0RITA")


@pytest.mark.parametrize(
    ("required", "approvals", "requester", "missing"),
    [
        ({"release_manager": 1}, [SAM_FOR_RITA], "U0ANN", 0),
        # The two count once together, in either order.
        ({"release_manager": 2}, [SAM_FOR_RITA, RITA], "U0ANN", 1),
        ({"release_manager": 2}, [RITA, SAM_FOR_RITA], "U0ANN", 1),
        # So do two stand-ins of the same person.
        ({"release_manager": 2}, [SAM_FOR_RITA, Approval("U0TOM", ("release_manager",), "U0RITA")], "U0ANN", 1),
        # Somebody who has a role too still counts once.
        ({"release_manager": 1, "owner": 1}, [SAM_FOR_RITA, Approval("U0SAM", ("owner",))], "U0ANN", 1),
        # Olga for Rita, and Olga herself: one person.
        (
            {"release_manager": 1, "owner": 1},
            [Approval("U0OLGA", ("release_manager",), "U0RITA"), OLGA],
            "U0ANN",
            1,
        ),
        # The requester counts neither as stand-in nor as delegator.
        ({"release_manager": 1}, [SAM_FOR_RITA], "U0SAM", 1),
        ({"release_manager": 1}, [SAM_FOR_RITA], "U0RITA", 1),
    ],
)
def test_two_who_act_as_one_count_once(required, approvals, requester, missing):
    assert sum(tally(required, approvals, {requester}).missing.values()) == missing


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "away", "found"),
    [
        ({"starts_at": MORNING - HOUR, "ends_at": MORNING + HOUR}, False, True),
        ({"starts_at": MORNING, "ends_at": None}, False, True),
        ({"starts_at": None, "ends_at": MORNING + HOUR}, False, True),
        ({"starts_at": MORNING + HOUR, "ends_at": None}, True, False),
        ({"starts_at": None, "ends_at": MORNING}, True, False),
        # Without days: while away.
        ({}, True, True),
        ({}, False, False),
        ({"services": ["WEB"]}, True, False),
        ({"services": ["WEB", "PAY"]}, True, True),
        ({"stopped_at": MORNING - HOUR}, True, False),
    ],
)
def test_a_delegation_holds_in_its_days_or_while_its_maker_is_away(fields, away, found):
    row = Delegation(delegator="U0RITA", delegate="U0SAM", form="f", made_at=MORNING, **{"services": [], **fields})
    assert delegation_holds(row, "PAY", MORNING, {"U0RITA"} if away else set()) is found


@pytest.mark.parametrize(
    ("emoji", "text", "away"),
    [
        (":palm_tree:", "", True),
        (":face_with_thermometer:", "", True),
        ("", "Vacationing", True),
        ("", "On vacation until Monday", True),
        (":house_with_garden:", "Out of office", True),
        ("", "OOO", True),
        ("", "", False),
        (":spiral_calendar_pad:", "In a meeting", False),
        (":bus:", "Commuting", False),
        (":palm_tree:", "Back from vacation", False),
        ("", "zoooom", False),
    ],
)
def test_a_status_says_away_or_not(emoji, text, away):
    assert says_away(emoji, text) is away
    user = {"id": "U1", "profile": {"status_emoji": emoji, "status_text": text}}
    assert profile_of(user).away is away


def test_the_days_of_a_delegation_are_whole_days_where_its_maker_is():
    start, end = delegation_days(date(2026, 10, 24), date(2026, 10, 25), ZoneInfo("Europe/Amsterdam"))
    assert (start, end) == (datetime(2026, 10, 23, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))


async def delegated(work, delegator="U0RITA", delegate="U0SAM", **fields) -> Delegation:
    values = {"starts_at": MORNING - HOUR, "services": [], "form": f"{delegator}-{delegate}", "made_at": MORNING}
    return await insert(work, Delegation(delegator=delegator, delegate=delegate, **(values | fields)))


async def two_managers(work) -> None:
    """A catalog in which PAY's minor releases need both of its release managers."""
    document = example_document()
    document["services"][0]["roles"]["release_manager"] = ["U0RITA", "U0TOM"]
    document["services"][0]["policy"]["types"]["minor"]["approvals"] = {"release_manager": 2}
    await put_catalog(work, document)


@pytest.mark.usefixtures("people", "catalog")
class TestDeciding:
    async def test_a_delegate_approves_for_who_is_absent_and_everything_says_so(self, work):
        await delegated(work)
        release = await requested(work)
        await approve_release(work, by("U0SAM"), release, 1)
        (decision,) = await rows(work, Decision)
        assert (decision.person, decision.standing_in_for) == ("U0SAM", "U0RITA")
        async with work.reading() as snapshot:
            card = await queries.release_card(snapshot.session, await snapshot.catalog(), release)
            newest = (await queries.release_history(snapshot.session, release, 1))[0]
        assert card.progress[0].approved_by == ("Sam for Rita",)
        assert newest.person_name == "Sam for Rita"
        assert newest.grounds == "stands in for Rita, who holds release manager"

    async def test_without_a_delegation_that_holds_nobody_stands_in(self, work):
        await delegated(work, starts_at=None)
        release = await requested(work)
        with pytest.raises(Refused, match=r"decided by its release manager, owner"):
            await approve_release(work, by("U0SAM"), release, 1)

    async def test_a_standing_delegate_acts_while_the_status_says_away(self, work):
        await delegated(work, starts_at=None)
        release = await requested(work)
        async with work(SYSTEM) as tx:
            rita = (await tx.session.exec(select(Person).where(Person.id == "U0RITA"))).one()
            rita.away = True
        await approve_release(work, by("U0SAM"), release, 1)
        assert len(await rows(work, Decision)) == 1

    async def test_the_requester_does_not_approve_by_standing_in(self, work):
        await delegated(work, delegate="U0ANN")
        release = await requested(work, person="U0ANN")
        with pytest.raises(Refused, match="You requested"):
            await approve_release(work, by("U0ANN"), release, 1)

    async def test_nobody_approves_for_the_requester(self, work):
        await delegated(work)
        release = await requested(work, person="U0RITA")
        with pytest.raises(Refused, match=r"decided by its release manager, owner: Olga"):
            await approve_release(work, by("U0SAM"), release, 1)

    async def test_a_delegate_of_a_delegate_is_refused(self, work):
        await delegated(work)
        await delegated(work, "U0SAM", "U0KIM")
        release = await requested(work)
        with pytest.raises(Refused):
            await approve_release(work, by("U0KIM"), release, 1)

    async def test_whoever_holds_a_filled_role_may_fill_another_by_standing_in(self, work):
        document = example_document()
        document["services"][0]["roles"]["release_manager"] = ["U0RITA", "U0TOM"]
        await put_catalog(work, document)
        await delegated(work, "U0OLGA", "U0TOM")
        release = await requested(work)
        await approve_release(work, by("U0RITA"), release, 1)
        await approve_release(work, by("U0TOM"), release, 1)
        assert await state(work, release) == "approved"

    async def test_two_who_act_as_one_are_told_so(self, work):
        await two_managers(work)
        await delegated(work)
        release = await requested(work)
        await approve_release(work, by("U0SAM"), release, 1)
        with pytest.raises(Refused, match=r"Sam has approved PAY-2026.001 already. Whoever stands in"):
            await approve_release(work, by("U0RITA"), release, 1)
        await approve_release(work, by("U0TOM"), release, 1)
        assert await state(work, release) == "approved"

    @pytest.mark.parametrize(
        ("delegations", "days", "may"),
        [
            # Periods that overlap, and periods with a gap in which nobody stands in.
            ([("U0SAM", -2, 1), ("U0SAM", 0, 3)], 2, {"U0SAM"}),
            ([("U0SAM", -2, 1), ("U0SAM", 2, 3)], 1, set()),
            ([("U0SAM", -2, 1), ("U0KIM", 0, 3)], 0, {"U0SAM", "U0KIM"}),
            ([("U0SAM", -2, 1), ("U0KIM", 0, 3)], 2, {"U0KIM"}),
            # Over, still to come, to the requester, and to oneself.
            ([("U0SAM", -3, -1)], 0, set()),
            ([("U0SAM", 1, 2)], 0, set()),
            ([("U0SAM", 1, 2)], 1, {"U0SAM"}),
            ([("U0ANN", -1, 5)], 0, set()),
            ([("U0RITA", -1, 5)], 0, set()),
        ],
    )
    async def test_whoever_stands_in_does_so_in_the_periods_that_hold(self, work, clock, delegations, days, may):
        for number, (delegate, first, last) in enumerate(delegations):
            period = {"starts_at": MORNING + timedelta(days=first), "ends_at": MORNING + timedelta(days=last)}
            await delegated(work, delegate=delegate, form=f"f{number}", **period)
        release = await requested(work)
        clock.move(timedelta(days=days))
        decided = set()
        for person in ("U0SAM", "U0KIM", "U0ANN"):
            with contextlib.suppress(Refused):
                await check_may_decide(work, by(person), Verb.APPROVE, release, 1)
                decided.add(person)
        assert decided == may
        for person in decided:
            with contextlib.suppress(Refused):
                await approve_release(work, by(person), release, 1)
        assert len(await rows(work, Decision)) == bool(may)
        await approve_release(work, by("U0OLGA"), release, 1)
        assert await state(work, release) == ("approved" if may else "requested")

    async def test_a_delegate_who_holds_the_role_counts_once_though_two_are_asked_for(self, work):
        await two_managers(work)
        await delegated(work, "U0RITA", "U0TOM")
        release = await requested(work)
        await approve_release(work, by("U0TOM"), release, 1)
        assert (await approve_release(work, by("U0TOM"), release, 1)).again
        assert await state(work, release) == "requested"
        await approve_release(work, by("U0RITA"), release, 1)
        assert await state(work, release) == "approved"

    async def test_stopping_one_of_two_leaves_the_other(self, work):
        await delegated(work)
        await delegated(work, delegate="U0KIM")
        release = await requested(work)
        await delegating.stop_delegations(work, by("U0RITA"), "U0SAM")
        with pytest.raises(Refused):
            await approve_release(work, by("U0SAM"), release, 1)
        await approve_release(work, by("U0KIM"), release, 1)

    async def test_both_in_the_same_instant_count_once(self, work):
        await two_managers(work)
        await delegated(work)
        release = await requested(work)
        clicks = ["U0SAM", "U0RITA", "U0SAM", "U0RITA"]
        await asyncio.gather(
            *(approve_release(work, by(person), release, 1) for person in clicks), return_exceptions=True
        )
        assert len(await rows(work, Decision)) == 1
        assert await state(work, release) == "requested"
        assert await rows(work, PlanTask) == []

    async def test_a_delegate_rejects_or_asks_for_changes_too(self, work):
        await delegated(work)
        release = await requested(work)
        await request_changes(work, by("U0SAM"), release, 1, "Say more")
        other = await requested(work, nonce="m")
        await reject_release(work, by("U0SAM"), other, 1, "No")
        assert [await state(work, one) for one in (release, other)] == ["changes_requested", "rejected"]
        async with work.reading() as snapshot:
            card = await queries.release_card(snapshot.session, await snapshot.catalog(), other)
        assert card.objections[0].person == "Sam for Rita"

    async def test_what_waits_for_who_is_absent_stands_on_the_home_of_who_stands_in(self, work, clock):
        await delegated(work)
        release = await requested(work)
        await requested(work, person="U0RITA", nonce="m")

        async def waiting() -> list[int]:
            async with work.reporting() as snapshot:
                catalog = await snapshot.catalog()
                shown = await read_home(snapshot.session, catalog, "U0SAM", clock.now(), everything=False)
            return [one.release_id for one in shown.approvals if one.service_name == "Payments"]

        assert await waiting() == [release]
        await approve_release(work, by("U0SAM"), release, 1)
        assert await waiting() == []

    async def test_an_ordinary_approval_does_not_look_for_delegations(self, work, monkeypatch):
        async def looked(*_args):
            raise AssertionError

        monkeypatch.setattr("models.releases.approval.rights.stand_in_rights_of", looked)
        release = await requested(work)
        await approve_release(work, by("U0RITA"), release, 1)


@pytest.mark.usefixtures("people", "catalog")
class TestDelegating:
    async def test_it_is_recorded_and_told_to_who_stands_in(self, work):
        form = DelegationForm("U0SAM", date(2026, 11, 24), date(2026, 11, 27), ("pay",), "On leave")
        line = await delegate_approvals(work, by("U0RITA"), form, "f")
        again = await delegate_approvals(work, by("U0RITA"), form, "f")
        assert line == again
        (row,) = await rows(work, Delegation)
        assert (row.delegator, row.delegate, row.services) == ("U0RITA", "U0SAM", ["PAY"])
        assert [one.tag for one in await rows(work, AuditEntry)] == ["delegation:made"]
        release = await requested(work)
        await approve_release(work, by("U0SAM"), release, 1)

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            (DelegationForm(""), "delegate"),
            (DelegationForm("U0RITA"), "delegate"),
            (DelegationForm("U0SAM", last_day=date(2026, 11, 23)), "until"),
            (DelegationForm("U0SAM", date(2026, 11, 28), date(2026, 11, 26)), "until"),
            (DelegationForm("U0SAM", services=("NONE",)), "services"),
            (DelegationForm("U0SAM", reason="x" * 1001), "reason"),
        ],
    )
    async def test_what_is_wrong_is_said_by_field(self, work, form, field):
        with pytest.raises(Invalid) as wrong:
            await delegate_approvals(work, by("U0RITA"), form, "f")
        assert set(wrong.value.problems) == {field}

    async def test_who_holds_no_role_has_nothing_to_delegate(self, work):
        with pytest.raises(Refused, match="no role"):
            await delegate_approvals(work, by("U0ANN"), DelegationForm("U0SAM"), "f")

    async def test_stopping_ends_it_for_the_two_people_only(self, work, clock):
        await delegated(work)
        with pytest.raises(Refused):
            await delegating.stop_delegation(work, by("U0ANN"), 1)
        async with work.database.reading() as session:
            assert [one.delegate_name for one in await delegations_of(session, "U0SAM", clock.now())] == ["Sam"]
        (stopped,) = await delegating.stop_delegations(work, by("U0RITA"))
        assert stopped.delegate == "U0SAM"
        assert await delegating.stop_delegations(work, by("U0RITA")) == []
        release = await requested(work)
        with pytest.raises(Refused):
            await approve_release(work, by("U0SAM"), release, 1)

    async def test_what_is_typed_fills_the_form(self, work):
        async with work.reading() as snapshot:
            catalog = await snapshot.catalog()
            typed = "@sam from tomorrow until 2026-12-04 pay"
            entered = await parse_delegation(snapshot.session, typed, catalog, MORNING.date())
            wanted = {"delegate": "U0SAM", "from": "2026-11-25", "until": "2026-12-04", "services": ["PAY"]}
            assert entered == wanted
            assert (await parse_delegation(snapshot.session, "<@U0TOM|tom>", catalog, MORNING.date()))[
                "delegate"
            ] == "U0TOM"
            assert (await parse_delegation(snapshot.session, "SAM", catalog, MORNING.date()))["delegate"] == "U0SAM"
            with pytest.raises(Invalid, match="'URSULA' is no person"):
                await parse_delegation(snapshot.session, "URSULA", catalog, MORNING.date())
            with pytest.raises(Invalid, match="'nobody' is no person"):
                await parse_delegation(snapshot.session, "nobody", catalog, MORNING.date())

    async def test_a_first_name_is_enough_where_one_person_has_it(self, work):
        await insert(work, Person(id="U0NIA", name="Nia van Dam"))
        async with work.reading() as snapshot:
            catalog = await snapshot.catalog()
            assert (await parse_delegation(snapshot.session, "@nia", catalog, MORNING.date()))[
                "delegate"
            ] == "U0NIA"
            with pytest.raises(Invalid, match="'ni' is no person"):
                await parse_delegation(snapshot.session, "ni", catalog, MORNING.date())
        await insert(work, Person(id="U0NIB", name="Nia Bos"))
        async with work.database.reading() as session:
            with pytest.raises(Invalid, match="'nia' is the name of several people"):
                await parse_delegation(session, "nia", catalog, MORNING.date())

    async def test_whoever_stands_in_is_read_from_slack_and_their_status_is_kept(self, work):
        await delegated(work, delegate="U0NEW")
        async with work.database.reading() as session:
            assert await people_to_read(session, (), MORNING) == ["U0NEW"]
        status = {"display_name": "Nia", "status_emoji": ":palm_tree:"}
        await remember_people(work, [profile_of({"id": "U0NEW", "profile": status})])
        async with work.database.reading() as session:
            found = await session.get(Person, "U0NEW")
        assert found is not None
        assert found.away

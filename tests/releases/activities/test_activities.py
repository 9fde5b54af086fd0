"""From approval to retirement: gates, permissions and what is recorded."""

from datetime import timedelta

import pytest

from messages.releases.activities.test import tests as show_tests
from models.audit import AuditEntry
from models.errors import Invalid, NotFound, Refused
from models.lifecycle.lifecycle import Verb
from models.lifecycle.tables.activities import Activities, Build, ComponentTest, Criterion
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Deployment
from models.outbox import Outgoing
from models.releases.activities import queries as activity_queries
from models.releases.activities.build import record_build, start_build, start_test
from models.releases.activities.deploy import back_out, mark_deployed, start_deployment
from models.releases.activities.gates import MET, WAIVED
from models.releases.activities.go_no_go import say_go, say_no_go
from models.releases.activities.handover import (
    accept_handover,
    offer_handover,
    retire_release,
    review_release,
    send_handover_back,
    start_early_life_support,
    verify_deployment,
)
from models.releases.activities.settle_criterion import (
    check_may_settle_criterion,
    confirm_criterion,
    settle_criterion,
)
from models.releases.activities.test import (
    ResultForm,
    accept_tests,
    affected_services,
    check_may_write_strategy,
    components_of,
    record_result,
    write_strategy,
)
from models.releases.approval.approve import approve_release
from models.releases.card import queries
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from models.support.forms import KnownErrorForm
from models.support.recording import record_known_error
from models.support.resolve import resolve_known_error
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import make_known_error, make_release
from tests.releases.steps import (
    BUILD,
    approved,
    by,
    deployed,
    form,
    ready,
    requested,
    rows,
    settle,
    state,
    take_through_tests,
)

pytestmark = pytest.mark.usefixtures("people", "catalog")


def failed(component: str = "pay-api", note: str = "Times out") -> ResultForm:
    return ResultForm(component=component, result="failed", note=note)


def passed(component: str = "pay-api") -> ResultForm:
    return ResultForm(component=component, result="passed")


async def building(work, **changes) -> int:
    release = await approved(work, **changes)
    await start_build(work, by("U0BEN"), release)
    return release


async def testing(work, **changes) -> int:
    release = await building(work, **changes)
    await record_build(work, by("U0BEN"), release, BUILD, "b")
    await settle(work, release, "entry")
    await start_test(work, by("U0BEN"), release)
    return release


async def supported(work) -> int:
    release = await deployed(work)
    await verify_deployment(work, by("U0DANA"), release)
    await start_early_life_support(work, by("U0LENA"), release)
    return release


async def activities(work) -> Activities:
    (found,) = await rows(work, Activities)
    return found


async def test_a_build_from_elsewhere_is_refused_with_what_is_allowed_and_all_else_that_is_wrong(work):
    document = example_document()
    document["services"][0]["policy"]["sources"] = ["github.com/harbour/*", "git.example/pay-*"]
    await put_catalog(work, document)
    release = await approved(work)
    await start_build(work, by("U0BEN"), release)
    with pytest.raises(Invalid) as wrong:
        await record_build(work, by("U0BEN"), release, {**BUILD, "source": "github.com/evil/pay", "what": ""}, "b")
    assert set(wrong.value.problems) == {"source", "what"}
    assert wrong.value.problems["source"] == (
        "github.com/evil/pay is no controlled source of Payments. Its builds come from github.com/harbour/* or "
        "git.example/pay-*. Its owner can name others in /release service PAY."
    )
    assert await rows(work, Build) == []
    await record_build(work, by("U0BEN"), release, BUILD, "b")
    assert len(await rows(work, Build)) == 1


async def test_a_component_is_one_of_the_package_or_another_and_says_so(work):
    release = await approved(work, items="pay-api 9.2.0")
    await start_build(work, by("U0BEN"), release)
    await record_build(work, by("U0BEN"), release, BUILD, "b")
    await settle(work, release, "entry")
    await start_test(work, by("U0BEN"), release)
    async with work.reading() as snapshot:
        assert await components_of(snapshot.session, release) == {"pay-api": "pay-api 9.2.0"}
    both = ResultForm(component="pay-api", another="Gateway", result="passed")
    with pytest.raises(Invalid, match="not both"):
        await record_result(work, by("U0TOM"), release, both, "1")
    for number, form_ in enumerate((passed(), ResultForm(component="", another="Gateway", result="passed"))):
        await record_result(work, by("U0TOM"), release, form_, f"r{number}")
    async with work.reading() as snapshot:
        found = await activity_queries.release_tests(snapshot.session, await snapshot.catalog(), release)
    assert [(one.component, one.outside) for one in found.components] == [("pay-api", False), ("Gateway", True)]
    assert "(not in the package)" in str(show_tests(found).blocks)


async def test_a_release_lives_through_all_six_activities_each_role_played_by_another_person(work):
    release = await deployed(work)
    await verify_deployment(work, by("U0DANA"), release)
    await start_early_life_support(work, by("U0LENA"), release)
    assert await state(work, release) == "early_life_support"
    await settle(work, release, "early_life_support", "U0LENA")
    await offer_handover(work, by("U0LENA"), release)
    await send_handover_back(work, by("U0OMAR"), release, "The runbook is last year's")
    with pytest.raises(Refused, match=r"handover is not offered \(Lena or Rita\)"):
        await accept_handover(work, by("U0OMAR"), release)
    await offer_handover(work, by("U0LENA"), release)
    await accept_handover(work, by("U0OMAR"), release)
    assert await state(work, release) == "handed_over"
    with pytest.raises(Refused, match="the review is not written"):
        await retire_release(work, by("U0OLGA"), release)
    await review_release(work, by("U0RITA"), release, "partly", "Settles in two hours, not in one")
    await retire_release(work, by("U0OLGA"), release)
    assert await state(work, release) == "retired"
    tags = {entry.tag for entry in await rows(work, AuditEntry)}
    assert {"release:build:recorded", "release:go", "release:handover:sent_back", "release:reviewed"} <= tags


async def test_the_handover_ends_the_milestone_of_early_life_support(work):
    release = await supported(work)
    await settle(work, release, "early_life_support")
    await offer_handover(work, by("U0LENA"), release)
    await accept_handover(work, by("U0OMAR"), release)
    end = (await rows(work, PlanTask))[-1]
    assert (end.title, end.done_by, end.chase_at) == ("Close early life support", "U0OMAR", None)


async def test_test_needs_a_build_and_its_entry_criteria_and_says_who_settles_them(work):
    release = await building(work)
    with pytest.raises(Refused) as refused:
        await start_test(work, by("U0BEN"), release)
    said = str(refused.value)
    assert "no build is recorded (Ben)" in said
    assert "\u201cEvery change in the package is authorised\u201d" in said
    assert "(Olga, Rita or Tom)" in said
    assert await state(work, release) == "building"


async def test_a_build_says_what_is_missing_and_the_same_form_records_one_build(work):
    release = await building(work)
    with pytest.raises(Invalid) as invalid:
        await record_build(work, by("U0BEN"), release, {**BUILD, "revision": " ", "checked": ""}, "n")
    assert set(invalid.value.problems) == {"revision", "checked"}
    for _ in range(2):
        await record_build(work, by("U0BEN"), release, BUILD, "n")
    (build,) = await rows(work, Build)
    assert (build.revision, build.recorded_by) == ("v9.2.0", "U0BEN")


async def test_a_failed_component_holds_the_verdict_until_it_passes(work):
    release = await testing(work)
    await settle(work, release, "exit")
    with pytest.raises(Refused, match="no test result is recorded"):
        await accept_tests(work, by("U0TOM"), release, "Works", "Holds")
    await record_result(work, by("U0TOM"), release, failed("Pay-API"), "1")
    with pytest.raises(Refused, match=r"Pay-API failed: test it again or record a known error"):
        await accept_tests(work, by("U0TOM"), release, "Works", "Holds")
    await record_result(work, by("U0TOM"), release, passed("pay-api"), "2")
    await accept_tests(work, by("U0TOM"), release, "Works", "Holds", ["WEB", "GONE"])
    assert await state(work, release) == "ready"
    kept = await activities(work)
    assert (kept.services, kept.accepted_by, kept.fit_for_use) == (["WEB"], "U0TOM", "Holds")


async def test_a_failure_becomes_a_known_error_and_counts_as_explained_with_a_workaround(work):
    release = await testing(work)
    await settle(work, release, "exit")
    await record_result(work, by("U0TOM"), release, failed(), "1")
    (test,) = await rows(work, ComponentTest)
    found = KnownErrorForm(
        title="Times out", service="PAY", symptom="Slow", workaround="", release_id=release, test_id=test.id
    )
    made = await record_known_error(work, by("U0TOM"), found, "ke")
    with pytest.raises(Refused, match=f"pay-api failed and {made.number} has no workaround"):
        await accept_tests(work, by("U0TOM"), release, "Works", "Holds")
    other = await make_known_error(work, workaround="Try again", release_id=release)
    explained = ResultForm(component="pay-api", result="failed", note="Slow", known_error=f"ke {other.id}.")
    await record_result(work, by("U0TOM"), release, explained, "2")
    await accept_tests(work, by("U0TOM"), release, "Works", "Holds")
    assert await state(work, release) == "ready"


async def test_a_resolved_known_error_explains_no_failure(work):
    release = await testing(work)
    await settle(work, release, "exit")
    known = await make_known_error(work, workaround="Try again")
    explained = ResultForm(component="pay-api", result="failed", note="Slow", known_error=f"KE-{known.id}")
    await record_result(work, by("U0TOM"), release, explained, "1")
    await resolve_known_error(work, by("U0PIA"), known.id, "Fixed")
    with pytest.raises(Refused, match="is resolved: test it again"):
        await accept_tests(work, by("U0TOM"), release, "Works", "Holds")


async def test_a_result_that_is_wrong_is_said_under_its_field(work):
    release = await testing(work)
    with pytest.raises(Invalid) as invalid:
        await record_result(work, by("U0TOM"), release, ResultForm(component=" ", result=""), "1")
    assert set(invalid.value.problems) == {"component", "result"}
    with pytest.raises(Invalid, match="Say what failed"):
        await record_result(work, by("U0TOM"), release, failed(note=""), "1")
    explained = ResultForm(component="x", result="failed", note="Slow", known_error="KE-77")
    with pytest.raises(NotFound, match="KE-77"):
        await record_result(work, by("U0TOM"), release, explained, "1")
    assert await rows(work, ComponentTest) == []


async def test_go_authorises_deployment_and_no_go_sends_back_to_test(work):
    release = await approved(work)
    await take_through_tests(work, release)
    with pytest.raises(Refused, match=r"nobody has said go \(Olga or Rita\)"):
        await start_deployment(work, by("U0DANA"), release)
    with pytest.raises(Refused, match="release manager or owner"):
        await say_go(work, by("U0TOM"), release)
    await say_go(work, by("U0RITA"), release)
    with pytest.raises(Refused, match="the go was given already"):
        await say_go(work, by("U0OLGA"), release)
    await say_no_go(work, by("U0OLGA"), release, "The partner bank is down")
    assert await state(work, release) == "testing"
    await accept_tests(work, by("U0TOM"), release, "Works", "Holds")
    with pytest.raises(Refused, match="nobody has said go"):
        await start_deployment(work, by("U0DANA"), release)


async def test_nobody_says_go_for_their_own_release(work):
    release = await requested(work, "U0BEN")
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 1)
    await take_through_tests(work, release)
    own = await make_release(work, "ready", identifier="PAY-2026.900", requester="U0RITA")
    with pytest.raises(Refused, match=r"You requested .* so somebody else has to decide here: Olga"):
        await say_go(work, by("U0RITA"), own.id)
    await say_go(work, by("U0RITA"), release)


async def test_an_emergency_goes_first_and_is_adopted_once_its_criteria_are_settled(work):
    release = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), release, 1)
    await start_deployment(work, by("U0DANA"), release)
    (deployment,) = await rows(work, Deployment)
    assert not deployment.adopted
    await settle(work, release, "entry")
    await settle(work, release, "exit")
    (deployment,) = await rows(work, Deployment)
    assert deployment.adopted


async def test_only_an_emergency_goes_from_approval_to_deployment(work):
    release = await approved(work)
    with pytest.raises(Refused, match=r"only an emergency is deployed before it is built and tested here \(Ben\)"):
        await start_deployment(work, by("U0DANA"), release)


async def test_criteria_are_copied_when_a_release_is_requested_and_for_older_ones_when_first_needed(work):
    release = await requested(work)
    gates = [one.gate for one in await rows(work, Criterion) if one.release_id == release]
    assert gates == ["entry"] * 2 + ["exit"] * 3 + ["early_life_support"] * 2
    older = await make_release(work, "approved", identifier="PAY-2025.007")
    for strategy in ("Test it", "Test it well"):
        await write_strategy(work, by("U0TOM"), older.id, strategy, "")
    assert len([one for one in await rows(work, Criterion) if one.release_id == older.id]) == 7


async def exits(work, release: int) -> dict[str, str]:
    return {
        one.text: one.outcome
        for one in await rows(work, Criterion)
        if (one.release_id, one.gate) == (release, "exit")
    }


async def test_the_documents_of_the_type_are_asked_for_before_tests_are_accepted(work):
    release = await approved(work)
    await start_build(work, by("U0BEN"), release)
    await record_build(work, by("U0BEN", "modal"), release, BUILD, "b")
    await settle(work, release, "entry")
    await start_test(work, by("U0TOM"), release)
    await record_result(work, by("U0TOM", "modal"), release, passed(), "r")
    for one in await rows(work, Criterion):
        if one.gate == "exit" and one.text != "Document delivered: release notes":
            await settle_criterion(work, by("U0TOM", "modal"), one.id, MET, "https://wiki.example/1")
    with pytest.raises(Refused, match="Document delivered: release notes"):
        await accept_tests(work, by("U0TOM", "modal"), release, "Works", "Holds")
    await settle(work, release, "exit")
    await accept_tests(work, by("U0TOM", "modal"), release, "Works", "Holds")
    assert await state(work, release) == "ready"


async def test_another_type_asks_for_its_own_documents_and_what_is_settled_stays(work):
    release = await requested(work)
    await edit_release(work, by("U0ANN"), release, 1, form(type="emergency"))
    assert len(await exits(work, release)) == 2
    await edit_release(work, by("U0ANN"), release, 2, form(type="minor"))
    assert list(await exits(work, release))[2:] == ["Document delivered: release notes"]
    document = (await criteria_of(work, release, "exit"))[-1]
    await settle_criterion(work, by("U0TOM"), document.id, MET, "https://wiki.example/notes")
    await edit_release(work, by("U0ANN"), release, 3, form(type="emergency"))
    assert (await exits(work, release))["Document delivered: release notes"] == "met"
    later = {"window_start": MORNING + timedelta(days=20), "window_end": MORNING + timedelta(days=20, hours=2)}
    await edit_release(work, by("U0ANN"), release, 4, form(type="major", **later))
    assert {text: outcome for text, outcome in (await exits(work, release)).items() if text.startswith("Doc")} == {
        "Document delivered: release notes": "met",
        "Document delivered: training material": "",
        "Document delivered: support documentation": "",
    }


async def test_a_criterion_is_met_with_evidence_or_waived_with_a_reason_by_somebody_entitled(work):
    await requested(work)
    first, second, *_ = await rows(work, Criterion)
    with pytest.raises(Invalid, match="what shows it"):
        await settle_criterion(work, by("U0TOM"), first.id, MET, " ")
    with pytest.raises(Invalid, match="why it may be left out"):
        await settle_criterion(work, by("U0TOM"), first.id, WAIVED, "")
    with pytest.raises(Refused, match=r"entry criteria of PAY-2026.001 are for its test manager"):
        await settle_criterion(work, by("U0ANN"), first.id, MET, "link")
    for _ in range(2):
        await settle_criterion(work, by("U0TOM"), first.id, MET, "link")
    await settle_criterion(work, by("U0OLGA"), second.id, WAIVED, "One line of text")
    with pytest.raises(Refused, match=r"Tom has met \u201cEvery change .*\u201d already"):
        await check_may_settle_criterion(work, by("U0RITA"), first.id, MET)
    first, second, *_ = await rows(work, Criterion)
    assert (first.outcome, first.grounds, second.outcome, second.settled_by) == ("met", "link", "waived", "U0OLGA")
    assert [one.tag for one in await rows(work, AuditEntry)].count("release:criterion") == 2


async def test_early_life_support_is_not_handed_over_with_open_criteria(work):
    release = await supported(work)
    with pytest.raises(Refused, match=r"open early life support criteria .*\(Lena, Olga, Rita or Tom\)"):
        await offer_handover(work, by("U0LENA"), release)


async def test_early_life_support_needs_a_verified_deployment(work):
    release = await deployed(work)
    with pytest.raises(Refused, match="the deployment is not verified"):
        await start_early_life_support(work, by("U0LENA"), release)


async def test_a_release_in_early_life_support_is_backed_out_with_what_was_restored(work):
    release = await supported(work)
    with pytest.raises(Invalid) as invalid:
        await back_out(work, by("U0DANA"), release, "", "")
    assert set(invalid.value.problems) == {"reason", "restored"}
    await back_out(work, by("U0DANA"), release, "Payments fail", "9.1")
    assert await state(work, release) == "backed_out"
    assert (await activities(work)).restored == "9.1"


async def test_a_material_change_in_test_voids_the_approval_and_the_build_stays(work):
    release = await testing(work)
    edited = await edit_release(work, by("U0ANN"), release, 1, form(method="blue-green"))
    assert edited.voided
    assert await state(work, release) == "requested"
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 2)
    await start_build(work, by("U0BEN"), release)
    await start_test(work, by("U0BEN"), release)
    assert await state(work, release) == "testing"


async def test_a_release_is_cancelled_until_it_is_deployed(work):
    release = await ready(work)
    await cancel_release(work, by("U0ANN"), release)
    assert await state(work, release) == "cancelled"


async def test_strategy_and_plan_are_the_test_managers_and_stand_with_the_tests(work, catalog):
    release = await requested(work)
    with pytest.raises(Refused, match="test manager or release manager: Rita or Tom"):
        await check_may_write_strategy(work, by("U0ANN"), release)
    await write_strategy(work, by("U0TOM"), release, "Risk first", "Monday in staging")
    async with work.database.reading() as session:
        found = await activity_queries.release_tests(session, catalog, release)
    assert (found.strategy, found.plan, found.affected) == (
        "Risk first",
        "Monday in staging",
        (("WEB", "Web shop"),),
    )
    assert affected_services(catalog, "WEB") == ("PAY",)


async def test_the_card_says_what_it_waits_for_and_whom(work, catalog):
    release = await building(work)
    async with work.database.reading() as session:
        standing = (await queries.release_card(session, catalog, release)).activities
    assert standing is not None
    assert (standing.next, standing.waits_for, standing.open_criteria) == (Verb.RECORD_BUILD, ("U0BEN",), 2)
    await record_build(work, by("U0BEN"), release, BUILD, "b")
    async with work.database.reading() as session:
        standing = (await queries.release_card(session, catalog, release)).activities
    assert (standing.next, standing.waits_for) == (Verb.START_TEST, ("U0BEN", "U0TOM"))
    assert "open entry criteria" in standing.lacking[0]


async def test_the_card_says_which_release_it_follows_also_when_a_later_one_is_deployed(work, catalog, clock):
    first = await deployed(work)
    clock.move(timedelta(hours=1))
    later = {
        "window_start": clock.now() + timedelta(days=7),
        "window_end": clock.now() + timedelta(days=7, hours=1),
    }
    second = await deployed(work, nonce="second", **later)
    async with work.database.reading() as session:
        follows = [(await queries.release_card(session, catalog, one)).previous for one in (first, second)]
    assert follows == ["", "PAY-2026.001"]


async def test_each_turning_point_is_a_message_of_its_own_and_mentions_who_acts(work):
    release = await ready(work)
    await say_no_go(work, by("U0OLGA"), release, "Not today")
    turns = {row.facts["turning"]: row for row in await rows(work, Outgoing) if row.message == "release_turn"}
    assert set(turns) == {"tests_accepted", "go", "no_go"}
    assert turns["tests_accepted"].facts["mentions"] == ["U0RITA", "U0OLGA"]
    assert turns["go"].facts["mentions"] == ["U0DANA"]
    assert turns["no_go"].facts["mentions"] == ["U0TOM", "U0ANN"]
    assert all(row.in_thread for row in turns.values())


async def test_marking_deployed_twice_is_refused(work):
    release = await deployed(work)
    with pytest.raises(Refused, match="is deployed already"):
        await mark_deployed(work, by("U0DANA"), release)


async def criteria_of(work, release: int, gate: str = "entry") -> list[Criterion]:
    return [one for one in await rows(work, Criterion) if (one.release_id, one.gate) == (release, gate)]


async def test_the_requester_waives_no_criterion(work):
    release = await requested(work, person="U0RITA")
    first, second = await criteria_of(work, release)
    with pytest.raises(Refused, match=r"You requested PAY-2026.001, so somebody else has to waive .*: Olga or Tom"):
        await check_may_settle_criterion(work, by("U0RITA"), first.id, WAIVED)
    with pytest.raises(Refused, match="somebody else has to waive"):
        await settle_criterion(work, by("U0RITA"), first.id, WAIVED, "No time")
    await settle_criterion(work, by("U0TOM"), second.id, WAIVED, "Nothing to see")
    assert [one.outcome for one in await criteria_of(work, release)] == ["", WAIVED]


async def test_evidence_of_the_requester_counts_once_somebody_else_confirms_it(work):
    release = await requested(work, person="U0TOM")
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 1)
    await start_build(work, by("U0BEN"), release)
    await record_build(work, by("U0BEN"), release, BUILD, "b")
    await settle(work, release, "entry", "U0TOM")
    first, second = await criteria_of(work, release)
    assert (first.outcome, first.settled_by) == ("unconfirmed", "U0TOM")
    with pytest.raises(Refused) as closed:
        await start_test(work, by("U0BEN"), release)
    assert "met, waiting for confirmation" in str(closed.value)
    assert "(Olga or Rita)" in str(closed.value)
    with pytest.raises(Refused, match=r"somebody else has to confirm this: Olga or Rita"):
        await confirm_criterion(work, by("U0TOM"), first.id)
    with pytest.raises(Refused, match="are for its test manager"):
        await confirm_criterion(work, by("U0BEN"), first.id)
    for one in (first, first, second):
        await confirm_criterion(work, by("U0OLGA"), one.id)
    with pytest.raises(Refused, match="Olga has confirmed"):
        await settle_criterion(work, by("U0RITA"), first.id, WAIVED, "No time")
    await start_test(work, by("U0BEN"), release)
    assert [one.confirmed_by for one in await criteria_of(work, release)] == ["U0OLGA", "U0OLGA"]
    assert [one.tag for one in await rows(work, AuditEntry)].count("release:criterion:confirmed") == 2


async def test_those_who_can_confirm_are_told_once_for_what_waits_together(work):
    release = await requested(work, person="U0TOM")
    await settle(work, release, "entry", "U0TOM")
    first, second = await criteria_of(work, release)
    (asks,) = [row for row in await rows(work, Outgoing) if row.message == "criteria_to_confirm"]
    assert set(asks.facts["asked"]) == {"U0RITA", "U0OLGA"}
    read = activity_queries.criteria_to_confirm
    async with work.reading() as snapshot:
        seen = await read(snapshot.session, asks.facts, release, posted=False)
    assert [line.id for line in seen.lines] == [first.id, second.id]
    await settle_criterion(work, by("U0RITA"), first.id, MET, "Seen it myself")
    await settle_criterion(work, by("U0RITA"), second.id, WAIVED, "One line of text")
    async with work.reading() as snapshot:
        assert await read(snapshot.session, asks.facts, release, posted=False) is None
        assert (await read(snapshot.session, asks.facts, release, posted=True)).lines == ()


async def test_where_nobody_else_could_confirm_the_evidence_counts_and_says_so(work):
    document = example_document()
    pay = document["services"][0]
    pay["owner"] = "U0RITA"
    del pay["roles"]["test_manager"]
    pay["policy"]["types"] = {"minor": {"notice": "0d", "approvals": {"build_manager": 1}}}
    await put_catalog(work, document)
    release = await requested(work, person="U0RITA")
    first, _ = await criteria_of(work, release)
    await settle_criterion(work, by("U0RITA"), first.id, MET, "Seen it")
    first, _ = await criteria_of(work, release)
    assert (first.outcome, first.alone) == (MET, True)
    entry = [one for one in await rows(work, AuditEntry) if one.tag == "release:criterion"][-1]
    assert entry.facts["alone"]


async def test_what_is_before_its_time_is_not_met(work):
    release = await requested(work)
    (support, _), (exit_, *_) = [await criteria_of(work, release, one) for one in ("early_life_support", "exit")]
    with pytest.raises(Refused, match=r"can't be met yet for PAY-2026.001: it isn't deployed"):
        await settle_criterion(work, by("U0LENA"), support.id, MET, "Quiet so far")
    with pytest.raises(Refused, match="its test hasn't begun"):
        await check_may_settle_criterion(work, by("U0TOM"), exit_.id, MET)
    await settle_criterion(work, by("U0OLGA"), support.id, WAIVED, "A text only")


async def test_no_exit_criterion_is_met_beside_a_failed_component(work):
    release = await testing(work)
    await record_result(work, by("U0TOM"), release, failed(), "1")
    exit_, *_ = await criteria_of(work, release, "exit")
    with pytest.raises(Refused, match="pay-api failed: test it again"):
        await settle_criterion(work, by("U0TOM"), exit_.id, MET, "None that I know of")
    await record_result(work, by("U0TOM"), release, passed(), "2")
    await settle_criterion(work, by("U0TOM"), exit_.id, MET, "None any more")

"""Pipelines that ask, on real databases: what they are told, what is kept, and what people see of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from messages.pipelines import render
from models.audit import AuditEntry
from models.deployments.report import parse_moment
from models.errors import Invalid
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.clearance import Override
from models.lifecycle.tables.findings import ObservedStop
from models.lifecycle.tables.pipelines import PipelineClearance
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.packages.tables import PackageNode
from models.pipelines.answer import PipelineAnswer
from models.pipelines.ask import NotTheirSecret, ask_clearance, poll_clearance
from models.pipelines.away import read_away_note, record_away
from models.pipelines.queries import pipeline_notice
from models.pipelines.question import ClearanceQuestion, Tool
from models.releases.activities.deploy import start_deployment
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, FrozenClock, example_document, put_catalog
from tests.factories import insert, make_ready, make_release
from tests.releases.steps import by

pytestmark = pytest.mark.usefixtures("catalog", "people")


def question(**changes: Any) -> ClearanceQuestion:
    values: dict[str, Any] = {
        "tool": Tool.GENERIC,
        "reference": "run-1",
        "service": "PAY",
        "environment": "production",
        "item": "pay-api",
        "version": "9.2.0",
    }
    return ClearanceQuestion(**(values | changes))


async def ask(work: UnitOfWork, **changes: Any) -> PipelineAnswer:
    return await ask_clearance(work, question(**changes), {"PAY"})


async def brings(work: UnitOfWork, release: Release, version: str = "9.2.0", item: str = "pay-api") -> None:
    await insert(work, PackageNode(release_id=release.id, position=1, what="ci", key=item, version=version))


async def rows(work: UnitOfWork, table: type[Any]) -> list[Any]:
    async with work.database.reading() as session:
        return list((await session.exec(select(table).order_by(table.id))).all())


async def freeze(work: UnitOfWork, *, on: bool, kind: str = "hard") -> None:
    document = example_document()
    if on:
        document["services"][0]["policy"]["freezes"].append(
            {"name": "Sale", "from": "2026-11-24", "to": "2026-11-24", "kind": kind}
        )
    await put_catalog(work, document)


def codes(answer: PipelineAnswer) -> list[str]:
    return [str(one["code"]) for one in answer.reasons]


async def test_what_was_approved_may_go_in_its_window(work: UnitOfWork, clock: FrozenClock) -> None:
    release = await make_ready(work)
    await brings(work, release)

    answer = await ask(work)

    assert (answer.decision, answer.release, answer.bound_to) == ("allowed", release.identifier, "version")
    assert answer.holds_until == clock.now() + timedelta(minutes=5)
    assert [(one.decision, one.release_id) for one in await rows(work, PipelineClearance)] == [
        ("allowed", release.id)
    ]
    assert [one.message for one in await rows(work, Outgoing)] == []


async def test_the_same_question_is_one_question_and_judged_again(work: UnitOfWork) -> None:
    await brings(work, await make_ready(work))
    first = await ask(work)

    await freeze(work, on=True)
    second = await ask(work)

    assert (first.token, first.decision) == (second.token, "allowed")
    assert (second.decision, codes(second)) == ("awaiting", ["freeze"])
    assert len(await rows(work, PipelineClearance)) == 1


async def test_one_id_names_one_question(work: UnitOfWork) -> None:
    await brings(work, await make_ready(work))
    await ask(work)
    for changes in ({"version": "9.3.0"}, {"environment": "test"}, {"release": "PAY-1"}):
        answer = await ask(work, **changes)
        assert (answer.decision, codes(answer)) == ("invalid", ["other_question"])


async def test_in_a_freeze_it_waits_and_goes_when_that_is_lifted(work: UnitOfWork) -> None:
    release = await make_ready(work)
    await brings(work, release)
    await freeze(work, on=True)

    answer = await ask(work)
    assert (answer.decision, codes(answer)) == ("awaiting", ["freeze"])
    assert "The hard freeze Sale holds until" in answer.said
    again = await poll_clearance(work, answer.token, {"PAY"})
    assert again.decision == "awaiting"
    await freeze(work, on=False)
    assert (await poll_clearance(work, answer.token, {"PAY"})).decision == "allowed"

    tags = [one.tag for one in await rows(work, AuditEntry) if one.release_id == release.id]
    assert tags == ["release:clearance:withheld", "release:clearance:allowed"]
    posted = [one.facts["notice"] for one in await rows(work, Outgoing) if one.message == "pipeline_notice"]
    assert posted == ["withheld", "given"]


async def test_a_thread_tells_once_that_pipelines_are_stopped(work: UnitOfWork) -> None:
    await brings(work, await make_ready(work))
    await freeze(work, on=True)
    for number in range(3):
        assert (await ask(work, reference=f"run-{number}")).decision == "awaiting"
    assert [one.wanted for one in await rows(work, Outgoing)] == [1]


async def test_another_version_is_refused_with_the_difference(work: UnitOfWork) -> None:
    await brings(work, await make_ready(work))
    answer = await ask(work, version="9.3.0")
    assert (answer.decision, codes(answer)) == ("prevented", ["version"])
    assert "was approved with pay-api 9.2.0, this is 9.3.0." in answer.said


async def test_before_its_window_it_is_told_when(work: UnitOfWork, clock: FrozenClock) -> None:
    start = clock.now() + timedelta(hours=2)
    await brings(work, await make_ready(work, window_start=start, window_end=start + timedelta(hours=1)))
    answer = await ask(work)
    assert (answer.decision, codes(answer)) == ("awaiting", ["window_not_begun"])
    assert answer.next_allowed == start


async def test_after_its_window_the_release_has_to_change(work: UnitOfWork, clock: FrozenClock) -> None:
    await brings(work, await make_ready(work))
    clock.move(timedelta(hours=5))
    answer = await ask(work)
    assert answer.decision == "prevented"
    assert "window_over" in codes(answer)


async def test_whose_approval_is_missing_is_named(work: UnitOfWork, clock: FrozenClock) -> None:
    await brings(work, await make_release(work, window_start=clock.now()))
    answer = await ask(work)
    assert (answer.decision, set(codes(answer))) == ("awaiting", {"approvals", "gate"})
    missing = answer.as_json()["missing_approvals"]
    assert {one["role"]: one["people"] for one in missing}.keys() == {"release_manager", "owner"}
    assert "Rita" in str(missing)
    assert "Olga" in str(missing)


async def test_a_release_without_versions_lets_anything_through_and_says_so(work: UnitOfWork) -> None:
    await make_ready(work)
    answer = await ask(work)
    assert (answer.decision, answer.bound_to) == ("allowed", "nothing")


async def test_who_names_nothing_where_something_was_approved_is_asked_for_it(work: UnitOfWork) -> None:
    await brings(work, await make_ready(work))
    answer = await ask(work, item="", version="")
    assert (answer.decision, codes(answer)) == ("invalid", ["version_missing"])
    assert await rows(work, PipelineClearance) == []


@pytest.mark.parametrize(
    ("changes", "decision", "code"),
    [
        ({"environment": "test"}, "allowed", "not_production"),
        ({"environment": "PROD"}, "prevented", "no_release"),
        ({"environment": "Production"}, "prevented", "no_release"),
        ({"item": "nothing"}, "invalid", "unknown_item"),
        ({"release": "PAY-1999.001"}, "invalid", "unknown_release"),
    ],
)
async def test_what_no_release_is_about(
    work: UnitOfWork, changes: dict[str, Any], decision: str, code: str
) -> None:
    answer = await ask(work, **changes)
    assert (answer.decision, codes(answer)) == (decision, [code])
    kept = 1 if decision == "prevented" else 0
    assert len(await rows(work, PipelineClearance)) == kept


async def test_a_release_of_another_service_is_none(work: UnitOfWork) -> None:
    other = await make_ready(work, service="WEB")
    answer = await ask(work, release=other.identifier)
    assert (answer.decision, codes(answer)) == ("invalid", ["unknown_release"])


async def test_a_secret_speaks_for_its_service_only(work: UnitOfWork) -> None:
    with pytest.raises(NotTheirSecret):
        await ask_clearance(work, question(service="WEB"), {"PAY"})
    with pytest.raises(NotTheirSecret):
        await ask_clearance(work, question(service="NONE"), {"PAY"})


async def test_while_it_is_being_deployed_its_other_pipelines_go_ahead(
    work: UnitOfWork, clock: FrozenClock
) -> None:
    release = await make_release(work, State.DEPLOYING, window_start=clock.now(), started_at=clock.now())
    await brings(work, release)
    clock.move(timedelta(hours=3))
    assert (await ask(work)).decision == "allowed"
    assert codes(await ask(work, reference="run-2", version="1")) == ["version"]


async def test_of_two_that_ask_at_once_the_second_waits_for_the_first(work: UnitOfWork, clock: FrozenClock) -> None:
    one, other = await make_ready(work), await make_ready(work)
    await brings(work, one)
    await brings(work, other, "9.9.0")

    assert (await ask(work)).decision == "allowed"
    second = await ask(work, reference="run-2", version="9.9.0")
    assert (second.decision, codes(second), second.release) == (
        "awaiting",
        ["other_deployment"],
        other.identifier,
    )
    clock.move(timedelta(minutes=5))
    assert (await ask(work, reference="run-2", version="9.9.0")).decision == "allowed"


@pytest.mark.parametrize(("actor", "decision"), [("github:Rita", "awaiting"), ("github:dana", "allowed")])
async def test_whoever_overrode_does_not_deploy_through_a_pipeline(
    work: UnitOfWork, clock: FrozenClock, actor: str, decision: str
) -> None:
    document = example_document() | {"actors": {"github:rita": "U0RITA", "github:dana": "U0DANA"}}
    await put_catalog(work, document)
    start = clock.now() + timedelta(hours=1)
    release = await make_ready(work, window_start=start, window_end=start + timedelta(hours=2))
    await brings(work, release)
    opened = {"code": "window_not_begun", "key": "", "text": "Its window hasn't begun."}
    await insert(
        work,
        Override(
            release_id=release.id,
            round=1,
            kind="override",
            by="U0RITA",
            at=clock.now(),
            reason="now",
            obstacles=[opened],
            until=clock.now() + timedelta(minutes=2),
        ),
    )

    answer = await ask(work, actor=actor)

    assert answer.decision == decision
    if decision == "allowed":
        assert answer.holds_until == clock.now() + timedelta(minutes=2)
    else:
        assert codes(answer) == ["own_override"]


async def test_who_asks_and_who_starts_at_once_are_not_in_each_others_way(work: UnitOfWork) -> None:
    release = await make_ready(work)
    await brings(work, release)
    results = await asyncio.gather(
        *(ask(work, reference=f"run-{number}") for number in range(4)),
        start_deployment(work, by("U0DANA"), release.id),
        *(ask(work, reference=f"run-{number}") for number in range(4)),
    )
    answers = [one for one in results if isinstance(one, PipelineAnswer)]
    assert {one.decision for one in answers} == {"allowed"}
    assert len({one.token for one in answers}) == 4


async def test_a_rule_on_trial_stops_no_pipeline_and_is_written_down(work: UnitOfWork) -> None:
    await brings(work, await make_ready(work))
    document = example_document()
    document["services"][0]["policy"] |= {
        "observe": ["freeze"],
        "freezes": [{"name": "Sale", "from": "2026-11-24", "to": "2026-11-24", "kind": "hard"}],
    }
    await put_catalog(work, document)
    assert (await ask(work)).decision == "allowed"
    assert [(one.step, one.rule) for one in await rows(work, ObservedStop)] == [("pipeline", "freeze")]


async def test_a_pipeline_that_passed_a_desk_by_is_broken_glass(work: UnitOfWork, clock: FrozenClock) -> None:
    release = await make_ready(work)
    await brings(work, release)
    note = read_away_note(
        {
            "service": "PAY",
            "environment": "production",
            "item": "pay-api",
            "version": "9.2.0",
            "id": "away-1",
            "reason": "Nobody answers",
            "at": (clock.now() - timedelta(hours=1)).isoformat(),
        }
    )
    assert await record_away(work, note, {"PAY"})
    assert not await record_away(work, note, {"PAY"})
    (glass,) = await rows(work, Override)
    assert (glass.kind, glass.at, glass.reason) == ("glass", clock.now() - timedelta(hours=1), "Nobody answers")
    (told,) = [one for one in await rows(work, Outgoing) if one.message == "pipeline_notice"]
    assert set(told.facts["mentions"]) == {"U0RITA", "U0OLGA"}
    # It opens nothing: the next start is judged as if it weren't there.
    await freeze(work, on=True)
    assert (await ask(work, reference="run-9")).decision == "awaiting"
    for wrong in ("2026-01-01", "2027-01-01"):
        at = parse_moment(wrong)
        assert at is not None
        with pytest.raises(Invalid, match="within the last 90 days"):
            await record_away(work, replace(note, at=at), {"PAY"})


async def test_without_a_release_the_channel_is_told_of_a_desk_that_was_passed_by(work: UnitOfWork) -> None:
    body = {"service": "PAY", "environment": "production", "id": "x", "reason": "Away", "at": MORNING.isoformat()}
    assert await record_away(work, read_away_note(body), {"PAY"})
    (told,) = await rows(work, Outgoing)
    assert (told.recipient, told.in_thread, told.release_id) == ("C0PAY", False, None)
    async with work.reading() as snapshot:
        notice = await pipeline_notice(snapshot.session, await snapshot.catalog(), told.facts)
    assert notice is not None
    assert "deployed Payments without clearance" in render(notice).text

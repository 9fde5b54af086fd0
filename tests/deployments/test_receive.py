"""A reported deployment counts once, for its release or against adoption."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from models import outbox
from models.audit import AuditEntry
from models.deployments.receive import ReportAnswer, ReportResult, receive_report
from models.deployments.report import Reported
from models.deployments.tables import DeploymentReport
from models.deployments.webhook_formats import read_generic, read_github
from models.environments.contents import contents
from models.environments.tables import EnvironmentContent
from models.errors import Invalid
from models.events import Actor
from models.kpi.figures import Ratio
from models.kpi.queries import headline
from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.release import Deployment, Release
from models.releases.activities.deploy import mark_deployed, start_deployment
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, put_catalog
from tests.deployments.bodies import body, reporting_document
from tests.factories import insert, make_deployment, make_ready, make_release

DANA = Actor(person="U0DANA", surface="button")

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def _catalog(work: UnitOfWork) -> None:
    await put_catalog(work, reporting_document())


def report(**changes: Any) -> Reported:
    """A deployment of PAY a minute ago."""
    moment = (MORNING - MINUTE).isoformat()
    found = read_generic(body("generic", **({"deployed_at": moment, "id": "812"} | changes)))
    assert isinstance(found, Reported)
    return found


class Pipeline:
    """Sends reports, each with a new id of the provider's unless one is given."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work, self._count = work, 0

    async def says(self, reported: Reported, provider_id: str | None = None) -> ReportAnswer:
        self._count += 1
        return await receive_report(self._work, reported, f"d{self._count}" if provider_id is None else provider_id)


@pytest.fixture
def pipeline(work: UnitOfWork) -> Pipeline:
    return Pipeline(work)


async def rows(work: UnitOfWork, table: type[Any]) -> list[Any]:
    async with work.database.reading() as session:
        return list((await session.exec(select(table).order_by(table.id))).all())


async def adoption(work: UnitOfWork) -> Ratio:
    async with work.reporting() as snapshot:
        catalog = await snapshot.catalog()
        return (await headline(snapshot.session, catalog, work.clock.now())).adoption.now


async def test_one_without_a_release_counts_against_adoption_and_is_asked_about(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    await make_deployment(work, await make_release(work, "deployed", approved_at=MORNING))

    taken = await pipeline.says(report())

    assert taken.result is ReportResult.UNRECORDED
    assert await adoption(work) == Ratio(1, 2)
    kept = (await rows(work, Deployment))[-1]
    assert (kept.release_id, kept.adopted, kept.outcome, kept.started_at) == (
        None,
        False,
        "deployed",
        MORNING - MINUTE,
    )
    assert kept.what == "PAY 9.2.0, reported by A pipeline"
    entries = {entry.tag: entry for entry in await rows(work, AuditEntry)}
    assert set(entries) == {"deployment:reported", "deployment:unrecorded"}
    assert (entries["deployment:reported"].person, entries["deployment:reported"].surface) == ("system", "hook")
    async with work.database.reading() as session:
        row = await outbox.message_by_key(session, "deployment_report:1")
    assert row is not None
    assert (row.message, row.recipient, row.in_thread) == ("deployment_report", "C0PAY", False)


async def test_one_of_a_release_that_is_being_deployed_is_noted_there_and_moves_nothing(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    release = await make_ready(work, approved_at=MORNING - timedelta(hours=1))
    await start_deployment(work, DANA, release.id)

    taken = await pipeline.says(report(deployed_at=MORNING.isoformat()))

    assert taken == ReportAnswer(ReportResult.MATCHED, f"The deployment is one of {release.identifier}.")
    (deployment,) = await rows(work, Deployment)
    assert (deployment.adopted, deployment.outcome) == (True, "under_way")
    (kept,) = await rows(work, DeploymentReport)
    assert (kept.release_id, kept.deployment_id) == (release.id, deployment.id)
    assert [one.state for one in await rows(work, Release)] == ["deploying"]
    (entry,) = [one for one in await rows(work, AuditEntry) if one.tag == "deployment:reported"]
    assert entry.release_id == release.id
    async with work.database.reading() as session:
        row = await outbox.message_by_key(session, "deployment_report:1")
    assert row is not None
    assert (row.release_id, row.in_thread) == (release.id, True)


async def test_one_of_a_release_with_open_criteria_is_not_adopted(work: UnitOfWork, pipeline: Pipeline) -> None:
    approved = MORNING - timedelta(hours=2)
    release = await make_release(work, "approved", window_start=MORNING - timedelta(hours=1), approved_at=approved)
    await insert(work, Criterion(release_id=release.id, gate="exit", position=0, text="Tested"))

    assert (await pipeline.says(report())).result is ReportResult.MATCHED
    assert await adoption(work) == Ratio(0, 1)


async def test_one_in_the_window_of_an_approved_release_counts_once_also_when_people_start_it_afterwards(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    approved = MORNING - timedelta(hours=2)
    release = await make_ready(work, window_start=MORNING - timedelta(hours=1), approved_at=approved)

    assert (await pipeline.says(report())).result is ReportResult.MATCHED
    assert await adoption(work) == Ratio(1, 1)
    await start_deployment(work, DANA, release.id)
    await mark_deployed(work, DANA, release.id)

    assert await adoption(work) == Ratio(1, 1)
    (deployment,) = await rows(work, Deployment)
    assert (deployment.started_at, deployment.outcome) == (MORNING - MINUTE, "deployed")


async def test_one_that_was_approved_afterwards_is_its_releases_and_not_adopted(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    release = await make_release(work, "approved", approved_at=MORNING)

    taken = await pipeline.says(report(release=release.identifier.lower()))

    assert taken.result is ReportResult.MATCHED
    assert await adoption(work) == Ratio(0, 1)


async def test_a_release_that_is_named_and_not_approved_makes_it_unrecorded(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    release = await make_release(work, "requested")

    taken = await pipeline.says(report(release=release.identifier))

    assert taken.result is ReportResult.UNRECORDED
    assert taken.said.startswith(f"It names {release.identifier}, which is waiting for approval.")
    assert (await rows(work, DeploymentReport))[0].doubt == (
        f"It names {release.identifier}, which is waiting for approval."
    )


@pytest.mark.parametrize("provider_id", ["same", "", None])
async def test_a_report_that_comes_again_counts_once(
    work: UnitOfWork, pipeline: Pipeline, provider_id: str | None
) -> None:
    results = [(await pipeline.says(report(), provider_id)).result for _ in range(3)]

    assert results == [ReportResult.UNRECORDED, ReportResult.REPEATED, ReportResult.REPEATED]
    assert len(await rows(work, Deployment)) == 1


@pytest.mark.parametrize("provider_id", ["same", "", None])
async def test_reports_of_one_deployment_in_the_same_moment_count_once(
    work: UnitOfWork, pipeline: Pipeline, provider_id: str | None
) -> None:
    taken = await asyncio.gather(*(pipeline.says(report(), provider_id) for _ in range(6)))

    assert sorted(one.result for one in taken) == ["repeated"] * 5 + ["unrecorded"]
    assert len(await rows(work, Deployment)) == 1


async def test_one_that_failed_is_noted_and_not_counted_until_it_succeeds(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    taken = await pipeline.says(report(state="failure"))
    assert taken == ReportAnswer(ReportResult.NOTED, "The deployment is noted as failed; it is not counted.")
    assert await rows(work, Deployment) == []
    assert await rows(work, outbox.Outgoing) == []

    assert (await pipeline.says(report())).result is ReportResult.UNRECORDED
    assert (await pipeline.says(report(state="rolled_back"))).result is ReportResult.NOTED
    assert await adoption(work) == Ratio(0, 1)
    assert [one.outcome for one in await rows(work, DeploymentReport)] == ["rolled_back"]


async def test_one_that_succeeds_again_after_it_was_rolled_back_is_no_repetition(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    states = ("success", "rolled_back", "success", "success")

    taken = [await pipeline.says(report(state=state), "") for state in states]

    assert [one.result for one in taken] == ["unrecorded", "noted", "noted", "repeated"]
    assert taken[2].said == "The deployment is noted as succeeded; it was counted before."
    assert [one.outcome for one in await rows(work, DeploymentReport)] == ["succeeded"]
    assert len(await rows(work, Deployment)) == 1


async def test_a_version_that_is_reported_again_without_an_id_does_not_come_back(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    for name, version, result in (("1", "9.1.9", "noted"), ("2", "9.2.0", "noted"), ("1", "9.1.9", "repeated")):
        taken = await pipeline.says(report(environment="TEST", version=version, id=name), "")
        assert taken.result == result
    async with work.reading() as snapshot:
        lines = await contents(snapshot.session, await snapshot.catalog(), "test")
    assert [(line.ci, line.version) for line in lines] == [("PAY", "9.2.0")]


async def test_a_failure_is_told_in_the_thread_of_its_release(work: UnitOfWork, pipeline: Pipeline) -> None:
    release = await make_release(
        work, "deploying", started_at=MORNING - 5 * MINUTE, approved_at=MORNING - 9 * MINUTE
    )

    taken = await pipeline.says(report(state="failure"))

    assert taken.said == f"The deployment is noted on {release.identifier} as failed; it is not counted."
    assert await rows(work, Deployment) == []
    (row,) = await rows(work, outbox.Outgoing)
    assert (row.release_id, row.in_thread) == (release.id, True)


async def test_what_the_catalog_does_not_know_is_taken_again_once_it_does(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    example = body("github", repository__full_name="acme/new", deployment_status__created_at=MORNING.isoformat())
    reported = read_github("deployment_status", example)
    assert isinstance(reported, Reported)

    taken = await pipeline.says(reported, "d")
    assert (taken.result, taken.said) == (
        ReportResult.UNKNOWN,
        "No service has the repository acme/new among its deployments.repositories in the catalog.",
    )
    assert await rows(work, DeploymentReport) == []
    document = reporting_document()
    document["services"][0]["deployments"]["repositories"].append("acme/new")
    await put_catalog(work, document)

    assert (await pipeline.says(reported, "d")).result is ReportResult.UNRECORDED


async def test_what_is_no_production_is_ignored(work: UnitOfWork, pipeline: Pipeline) -> None:
    assert (await pipeline.says(report(environment="qa"))).result is ReportResult.IGNORED
    assert await rows(work, DeploymentReport) == []


async def test_what_goes_into_an_environment_that_is_booked_is_in_it_once_and_counts_for_nothing(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    assert (await pipeline.says(report(environment="TEST", state="failed"))).result is ReportResult.IGNORED
    for version in ("9.1.9", "9.2.0", "9.2.0"):
        taken = await pipeline.says(report(environment="TEST", version=version))
        assert taken == ReportAnswer(
            ReportResult.NOTED, f"Test has {version} of Payments now. It is no production."
        )
    assert (await pipeline.says(report(environment="TEST", version="9.1.9"), "d2")).result is ReportResult.REPEATED
    async with work.reading() as snapshot:
        lines = await contents(snapshot.session, await snapshot.catalog(), "test")
    assert [(line.ci, line.version, line.since) for line in lines] == [("PAY", "9.2.0", MORNING)]
    assert len(await rows(work, EnvironmentContent)) == 2
    assert await rows(work, DeploymentReport) == []
    assert await rows(work, Deployment) == []


async def test_a_moment_that_is_still_to_come_is_now_and_one_out_of_reach_is_refused(
    work: UnitOfWork, pipeline: Pipeline
) -> None:
    await pipeline.says(report(deployed_at=(MORNING + timedelta(days=3)).isoformat()))
    assert (await rows(work, DeploymentReport))[0].at == MORNING
    with pytest.raises(Invalid, match="more than ten years ago"):
        await pipeline.says(report(deployed_at="2001-01-01", id="2"))

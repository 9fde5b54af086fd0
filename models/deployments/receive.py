"""Taking what a pipeline reports: each deployment once, matched to its release or recorded as nobody's."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col, select

from models.catalog.document import Catalog, Service
from models.deployments.events import DeploymentReported
from models.deployments.matching import Candidate, Match, elsewhere, match, place_of
from models.deployments.report import Reported, ReportedOutcome
from models.deployments.tables import DeploymentReport
from models.environments.allocation import lock_environment
from models.environments.contents import contents, record_contents
from models.errors import Invalid
from models.events import Actor
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Deployment, Release
from models.releases.activities.adoption import is_adopted_at
from models.releases.activities.deploy import DEPLOYED
from models.releases.activities.events import UnrecordedDeploymentReported
from models.storage.database import insert_into
from models.time.spans import TEN_YEARS
from models.unit_of_work import Transaction, UnitOfWork

PIPELINE = Actor(person="system", surface="hook")
"""Whoever knows the secret of the hook: Slack knows them by no id."""

NEWEST = 500
"""How many releases of a service are looked through, newest first."""


class ReportResult(StrEnum):
    """What became of a report."""

    MATCHED = "matched"
    UNRECORDED = "unrecorded"
    NOTED = "noted"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report, and that in a sentence for whoever set the pipeline up."""

    result: ReportResult
    said: str


async def take_report(work: UnitOfWork, reported: Reported, delivery: str) -> Taken:
    """Keep what a pipeline reported; ``delivery`` is the same when a report is sent again.

    A deployment is counted once, however often and by how many deliveries it is reported. One that failed or was
    rolled back is noted and not counted. Nothing moves a release: people say when it is deployed. Raises
    :class:`~models.errors.Invalid` for a moment that is out of reach.
    """
    async with work(PIPELINE) as tx:
        catalog = await tx.catalog()
        place = place_of(catalog, reported)
        if place.service is None:
            noted = await _note_elsewhere(tx, catalog, reported, delivery)
            if noted:
                return noted
            return Taken(ReportResult.UNKNOWN if place.unknown else ReportResult.IGNORED, place.why)
        if reported.at and tx.now - reported.at > TEN_YEARS:
            raise Invalid({"deployed_at": "This was deployed more than ten years ago."})
        if not await tx.once("hook", delivery):
            return Taken(ReportResult.REPEATED, "This delivery was taken before.")
        return await _take(tx, place.service, reported)


async def _note_elsewhere(tx: Transaction, catalog: Catalog, reported: Reported, delivery: str) -> Taken | None:
    """Record the version that was put into an environment that is booked; None when it is about no such thing."""
    place = elsewhere(catalog, reported)
    if place is None or reported.outcome != ReportedOutcome.SUCCEEDED or not reported.version:
        return None
    if not await tx.once("hook", delivery):
        return Taken(ReportResult.REPEATED, "This delivery was taken before.")
    service, environment = place
    await lock_environment(tx, environment.key)
    there = {line.ci: line.version for line in await contents(tx.session, catalog, environment.key)}
    if there.get(service.key) != reported.version:
        record_contents(tx, environment.key, {service.key: reported.version}, None)
    return Taken(
        ReportResult.NOTED, f"{environment.name} has {reported.version} of {service.name} now. It is no production."
    )


async def _take(tx: Transaction, service: Service, reported: Reported) -> Taken:
    report, is_new = await _kept(tx, service, reported)
    if not is_new and report.outcome == reported.outcome:
        return Taken(ReportResult.REPEATED, "This deployment was reported before.")
    report.outcome = reported.outcome.value
    found = await _match(tx, report, reported)
    if found.release is not None:
        report.release_id = found.release.id
    report.doubt = found.doubt
    counts = reported.outcome == ReportedOutcome.SUCCEEDED and report.deployment_id is None
    if counts:
        await _count(tx, report)
    asked = report.deployment_id is not None and report.release_id is None
    tx.record(
        DeploymentReported(
            subject=report.id,
            release_id=report.release_id,
            service=service.key,
            channel=service.channel if asked else "",
            provider=report.provider,
            source=report.source,
            version=report.version,
            outcome=report.outcome,
        )
    )
    return _said(report, found, counted=counts)


async def _kept(tx: Transaction, service: Service, reported: Reported) -> tuple[DeploymentReport, bool]:
    """The row of this deployment, locked, and whether it is new; of two at the same moment one makes it."""
    at = min(reported.at or tx.now, tx.now)
    dialect = (await tx.session.connection()).dialect.name
    row = insert_into(DeploymentReport, dialect).values(
        provider=reported.provider,
        reference=reported.reference,
        service=service.key,
        source=reported.source.name,
        environment=", ".join(dict.fromkeys(reported.environments)),
        outcome=reported.outcome.value,
        version=reported.version,
        title=reported.title,
        url=reported.url,
        doubt="",
        at=at,
        received_at=tx.now,
    )
    added = (await tx.session.exec(row.on_conflict_do_nothing().returning(col(DeploymentReport.id)))).all()
    query = select(DeploymentReport).where(
        DeploymentReport.provider == reported.provider, DeploymentReport.reference == reported.reference
    )
    report = (await tx.session.exec(query.with_for_update())).one()
    if not added:
        report.at = max(report.at, at)
    return report, bool(added)


async def _match(tx: Transaction, report: DeploymentReport, reported: Reported) -> Match:
    """The release of this deployment; what was counted as one's, or as nobody's, stays so until people say else."""
    if report.release_id is not None:
        release = await tx.session.get_one(Release, report.release_id, with_for_update=True)
        return Match(candidate(release))
    if report.deployment_id is not None:
        return Match(doubt=report.doubt)
    query = select(Release).where(Release.service == report.service).order_by(col(Release.id).desc()).limit(NEWEST)
    releases = (await tx.session.exec(query)).all()
    found = match(reported, report.at, [candidate(release) for release in releases])
    if found.release is not None:
        await tx.lock(Release, found.release.id)
    return found


def candidate(release: Release) -> Candidate:
    """``release`` as matching looks at it."""
    over = release.deployed_at or (None if release.state == State.DEPLOYING else release.state_since)
    return Candidate(
        id=release.id,
        identifier=release.identifier,
        state=release.state,
        window_start=release.window_start,
        window_end=release.window_end,
        started_at=release.started_at,
        ended_at=over if release.started_at else None,
    )


async def _count(tx: Transaction, report: DeploymentReport) -> None:
    """Tie the report to the deployment of its release; where that was not recorded, the report records it."""
    release = await tx.session.get_one(Release, report.release_id) if report.release_id else None
    deployment = await deployment_of(tx, release.id) if release else None
    if deployment is None:
        deployment = Deployment(
            service=report.service,
            release_id=release.id if release else None,
            started_at=report.at,
            ended_at=report.at,
            adopted=release is not None and await is_adopted_at(tx, release, report.at),
            outcome=DEPLOYED,
            what=what_was_deployed(report),
            reported_by=PIPELINE.person,
        )
        tx.session.add(deployment)
        await tx.session.flush()
    report.deployment_id = deployment.id
    if release is None:
        tx.record(UnrecordedDeploymentReported(subject=deployment.id, service=report.service, what=deployment.what))


async def deployment_of(tx: Transaction, release_id: int) -> Deployment | None:
    """The deployment that is recorded for a release, the newest where there are several."""
    query = select(Deployment).where(Deployment.release_id == release_id).order_by(col(Deployment.id).desc())
    return (await tx.session.exec(query)).first()


def what_was_deployed(report: DeploymentReport) -> str:
    """A report in a line."""
    version = f" {report.version}" if report.version else ""
    return f"{report.source}{version}, reported by {report.provider}"


def _said(report: DeploymentReport, found: Match, *, counted: bool) -> Taken:
    release = found.release.identifier if found.release else ""
    if report.outcome != ReportedOutcome.SUCCEEDED:
        whose = f" on {release}" if release else ""
        words = ReportedOutcome(report.outcome).words
        return Taken(ReportResult.NOTED, f"The deployment is noted{whose} as {words}; it is not counted.")
    if release:
        return Taken(ReportResult.MATCHED, f"The deployment is one of {release}.")
    if not counted:
        return Taken(ReportResult.NOTED, "The deployment is noted as succeeded; it was counted before.")
    doubt = f"{found.doubt} " if found.doubt else ""
    return Taken(
        ReportResult.UNRECORDED, f"{doubt}The deployment is recorded as one that no release was recorded for."
    )

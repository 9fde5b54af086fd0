"""Receiving reports from pipelines: each deployment counts once, for its release or as unrecorded."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col, select

from models.catalog.document import Catalog, Service
from models.deployments.events import DeploymentReported
from models.deployments.matching import Candidate, Match, match, other_environment_of, production_of
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
"""Anyone who knows the secret of the hook; pipelines have no Slack id."""

RELEASES_READ = 500
"""Releases of a service that are matched, newest first."""


class ReportResult(StrEnum):
    MATCHED = "matched"
    UNRECORDED = "unrecorded"
    NOTED = "noted"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """``said`` is a sentence for the person who set up the pipeline."""

    result: ReportResult
    said: str


_TAKEN_BEFORE = ReportAnswer(ReportResult.REPEATED, "This delivery was taken before.")


async def receive_report(work: UnitOfWork, reported: Reported, provider_id: str = "") -> ReportAnswer:
    """Record what a pipeline reported; ``provider_id`` is the provider's own id of the report, if it sends one.

    A report is repeated if its id was taken before, or if the last report of its deployment had the same outcome. A
    deployment counts once, however many reports there are of it; a failure or a roll-back is noted and does not
    count. A report moves no release. Raises :class:`~models.errors.Invalid` if it is more than ten years old.
    """
    async with work(PIPELINE) as tx:
        catalog = await tx.catalog()
        place = production_of(catalog, reported)
        if place.service is None:
            noted = await _note_version(tx, catalog, reported, provider_id)
            if noted:
                return noted
            return ReportAnswer(ReportResult.UNKNOWN if place.unknown else ReportResult.IGNORED, place.why)
        if reported.at and tx.now - reported.at > TEN_YEARS:
            raise Invalid({"deployed_at": "This was deployed more than ten years ago."})
        if provider_id and not await _is_first(tx, reported, provider_id):
            return _TAKEN_BEFORE
        return await _receive(tx, place.service, reported)


async def _note_version(
    tx: Transaction, catalog: Catalog, reported: Reported, provider_id: str
) -> ReportAnswer | None:
    """Record the version in an environment other than production; None if the report is not about one.

    No row of the deployment tells whether it was reported before, so without an id its reference does.
    """
    place = other_environment_of(catalog, reported)
    if place is None or reported.outcome != ReportedOutcome.SUCCEEDED or not reported.version:
        return None
    if not await _is_first(tx, reported, provider_id or reported.reference):
        return _TAKEN_BEFORE
    service, environment = place
    await lock_environment(tx, environment.key)
    present = {line.ci: line.version for line in await contents(tx.session, catalog, environment.key)}
    if present.get(service.key) != reported.version:
        record_contents(tx, environment.key, {service.key: reported.version}, None)
    return ReportAnswer(
        ReportResult.NOTED, f"{environment.name} has {reported.version} of {service.name} now. It is no production."
    )


async def _is_first(tx: Transaction, reported: Reported, report_id: str) -> bool:
    return await tx.once("hook", f"{reported.provider}:{report_id}")


async def _receive(tx: Transaction, service: Service, reported: Reported) -> ReportAnswer:
    report, is_new = await _find_or_add(tx, service, reported)
    if not is_new and report.outcome == reported.outcome:
        return ReportAnswer(ReportResult.REPEATED, "This deployment was reported before.")
    report.outcome = reported.outcome.value
    matched = await _match(tx, report, reported)
    if matched.release is not None:
        report.release_id = matched.release.id
    report.doubt = matched.doubt
    counts = reported.outcome == ReportedOutcome.SUCCEEDED and report.deployment_id is None
    if counts:
        await _count(tx, report)
    unattributed = report.deployment_id is not None and report.release_id is None
    tx.record(
        DeploymentReported(
            subject=report.id,
            release_id=report.release_id,
            service=service.key,
            channel=service.channel if unattributed else "",
            provider=report.provider,
            source=report.source,
            version=report.version,
            outcome=report.outcome,
        )
    )
    return _answer(report, matched, counted=counts)


async def _find_or_add(tx: Transaction, service: Service, reported: Reported) -> tuple[DeploymentReport, bool]:
    """The locked row of this deployment, and whether it is new; of two reports at the same moment one adds it."""
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
    """What was attributed or counted before stays so: only people may change it."""
    if report.release_id is not None:
        release = await tx.session.get_one(Release, report.release_id, with_for_update=True)
        return Match(_candidate(release))
    if report.deployment_id is not None:
        return Match(doubt=report.doubt)
    query = (
        select(Release)
        .where(Release.service == report.service)
        .order_by(col(Release.id).desc())
        .limit(RELEASES_READ)
    )
    releases = (await tx.session.exec(query)).all()
    found = match(reported, report.at, [_candidate(release) for release in releases])
    if found.release is not None:
        await tx.lock(Release, found.release.id)
    return found


def _candidate(release: Release) -> Candidate:
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
    """Link the report to the deployment of its release, or record one if there is none."""
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
            what=_what_was_deployed(report),
            reported_by=PIPELINE.person,
        )
        tx.session.add(deployment)
        await tx.session.flush()
    report.deployment_id = deployment.id
    if release is None:
        tx.record(UnrecordedDeploymentReported(subject=deployment.id, service=report.service, what=deployment.what))


async def deployment_of(tx: Transaction, release_id: int) -> Deployment | None:
    """The newest deployment of a release."""
    query = select(Deployment).where(Deployment.release_id == release_id).order_by(col(Deployment.id).desc())
    return (await tx.session.exec(query)).first()


def _what_was_deployed(report: DeploymentReport) -> str:
    version = f" {report.version}" if report.version else ""
    return f"{report.source}{version}, reported by {report.provider}"


def _answer(report: DeploymentReport, matched: Match, *, counted: bool) -> ReportAnswer:
    release = matched.release.identifier if matched.release else ""
    if report.outcome != ReportedOutcome.SUCCEEDED:
        whose = f" on {release}" if release else ""
        words = ReportedOutcome(report.outcome).words
        return ReportAnswer(ReportResult.NOTED, f"The deployment is noted{whose} as {words}; it is not counted.")
    if release:
        return ReportAnswer(ReportResult.MATCHED, f"The deployment is one of {release}.")
    if not counted:
        return ReportAnswer(ReportResult.NOTED, "The deployment is noted as succeeded; it was counted before.")
    doubt = f"{matched.doubt} " if matched.doubt else ""
    return ReportAnswer(
        ReportResult.UNRECORDED, f"{doubt}The deployment is recorded as one that no release was recorded for."
    )

"""Attributing a reported deployment that matched no release, or confirming that nobody recorded it."""

from dataclasses import dataclass

from sqlmodel import col, select

from models.catalog.document import OWNER, Service
from models.catalog.roles import DEPLOYERS
from models.deployments.events import ReportSettled
from models.deployments.receive import deployment_of
from models.deployments.records import ReleaseChoices
from models.deployments.tables import DeploymentReport
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.identifiers import find_release
from models.lifecycle.lifecycle import State
from models.lifecycle.release_choices import ReleaseChoice
from models.lifecycle.tables.release import Deployment, Release
from models.limits import MENU_LIMIT
from models.people.directory import roles_of
from models.people.holder_names import reserved_for
from models.releases.activities.adoption import is_adopted_at
from models.unit_of_work import Snapshot, Transaction, UnitOfWork

MAY_ATTRIBUTE = (*DEPLOYERS, OWNER)
"""They know what was deployed; not everybody may change adoption."""


@dataclass(frozen=True, slots=True)
class Attribution:
    identifier: str
    adopted: bool


async def release_choices(work: UnitOfWork, actor: Actor, report_id: int) -> ReleaseChoices:
    """Raises :class:`~models.errors.Refused` like :func:`attribute_to_release`."""
    async with work.reading(actor) as snapshot:
        _, service = await _load(snapshot, report_id)
        query = (
            select(Release.id, Release.identifier, Release.title)
            .where(Release.service == service.key, col(Release.state).not_in((State.REJECTED, State.CANCELLED)))
            .order_by(col(Release.window_start).desc(), col(Release.id).desc())
            .limit(MENU_LIMIT + 1)
        )
        found = (await snapshot.session.exec(query)).all()
        return ReleaseChoices(
            report_id=report_id,
            service=service.name,
            releases=tuple(ReleaseChoice(*row) for row in found[:MENU_LIMIT]),
            more=len(found) > MENU_LIMIT,
        )


async def attribute_to_release(work: UnitOfWork, actor: Actor, report_id: int, identifier: str) -> Attribution:
    """Attribute the deployment to the release ``identifier``; it may count as adopted (docs/process.md#adoption).

    Raises :class:`~models.errors.Refused` if the actor may not or it has a release already,
    :class:`~models.errors.Invalid` if the service has no such release.
    """
    async with work(actor) as tx:
        report, service = await _load(tx, report_id)
        release = await _release(tx, service, identifier)
        adopted = await _count_once(tx, report, release)
        report.release_id, report.settled_by, report.doubt = release.id, actor.person, ""
        _record(tx, report, service, adopted=adopted)
        return Attribution(release.identifier, adopted)


async def confirm_unrecorded(work: UnitOfWork, actor: Actor, report_id: int) -> None:
    """Confirm that no release was recorded for the deployment; repeating it changes nothing.

    Raises :class:`~models.errors.Refused` if the actor may not or it has a release already.
    """
    async with work(actor) as tx:
        report, service = await _load(tx, report_id)
        if report.settled_by is None:
            report.settled_by = actor.person
            _record(tx, report, service, adopted=False)


async def _load(snapshot: Snapshot, report_id: int) -> tuple[DeploymentReport, Service]:
    """Raises :class:`~models.errors.Refused` if the actor may not; locks the report in a transaction."""
    report = await snapshot.session.get(DeploymentReport, report_id, with_for_update=snapshot.locks)
    if report is None:
        raise NotFound("This deployment is not in the database any more.")
    service = (await snapshot.catalog()).by_key.get(report.service)
    if service is None:
        raise Refused(f"The service {report.service} is no longer in the catalog.")
    if (await roles_of(snapshot.session, service, snapshot.actor.person)).isdisjoint(MAY_ATTRIBUTE):
        raise Refused(await reserved_for(snapshot.session, service, MAY_ATTRIBUTE))
    if report.release_id is not None:
        release = await snapshot.session.get_one(Release, report.release_id)
        raise Refused(f"This deployment is one of {release.identifier} already.")
    return report, service


async def _release(tx: Transaction, service: Service, identifier: str) -> Release:
    try:
        release, _ = await find_release(tx.session, identifier)
    except NotFound as unknown:
        raise Invalid({"release": unknown.asking}) from None
    if release.service != service.key:
        raise Invalid({"release": f"{release.identifier} is a release of {release.service}, not of {service.key}."})
    await tx.lock(Release, release.id)
    return release


async def _count_once(tx: Transaction, report: DeploymentReport, release: Release) -> bool:
    """Whether it is adopted. Of two deployments, recorded and reported, only the recorded one is kept."""
    reported = await tx.session.get(Deployment, report.deployment_id) if report.deployment_id else None
    recorded = await deployment_of(tx, release.id)
    if recorded is not None:
        report.deployment_id = recorded.id
        await tx.session.flush()
        if reported is not None:
            await tx.session.delete(reported)
        return recorded.adopted
    adopted = await is_adopted_at(tx, release, report.at)
    if reported is not None:
        reported.release_id, reported.adopted = release.id, adopted
    return adopted


def _record(tx: Transaction, report: DeploymentReport, service: Service, *, adopted: bool) -> None:
    tx.record(
        ReportSettled(
            subject=report.id,
            release_id=report.release_id,
            service=service.key,
            channel=service.channel,
            person=tx.actor.person,
            adopted=adopted,
        )
    )

"""Saying whose a reported deployment is that was matched to no release."""

from dataclasses import dataclass

from sqlmodel import col, select

from models.catalog.document import OWNER, Service
from models.catalog.roles import DEPLOYERS, role_choice
from models.deployments.events import ReportSettled
from models.deployments.receive import deployment_of
from models.deployments.tables import DeploymentReport
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.identifiers import find_release
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Deployment, Release
from models.limits import MENU_LIMIT
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.activities.adoption import is_adopted_at
from models.unit_of_work import Snapshot, Transaction, UnitOfWork

SETTLERS = (*DEPLOYERS, OWNER)
"""The roles that know what was deployed; adoption is not for everybody to change."""


@dataclass(frozen=True, slots=True)
class ReleaseToChoose:
    """A release that a deployment may be one of."""

    identifier: str
    title: str


@dataclass(frozen=True, slots=True)
class ReleaseChoices:
    """What to choose from: the newest releases of the service; ``more`` tells that there are others."""

    report_id: int
    service: str
    releases: tuple[ReleaseToChoose, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Tied:
    """The release that a deployment is one of now, and whether it counts as adopted."""

    identifier: str
    adopted: bool


async def offer_releases(work: UnitOfWork, actor: Actor, report_id: int) -> ReleaseChoices:
    """The releases that a report may belong to. Raises as :func:`belongs_to` does."""
    async with work.reading(actor) as snapshot:
        _, service = await _load(snapshot, report_id)
        query = (
            select(Release.identifier, Release.title)
            .where(Release.service == service.key, col(Release.state).not_in((State.REJECTED, State.CANCELLED)))
            .order_by(col(Release.window_start).desc(), col(Release.id).desc())
            .limit(MENU_LIMIT + 1)
        )
        found = (await snapshot.session.exec(query)).all()
        return ReleaseChoices(
            report_id=report_id,
            service=service.name,
            releases=tuple(ReleaseToChoose(identifier, title) for identifier, title in found[:MENU_LIMIT]),
            more=len(found) > MENU_LIMIT,
        )


async def belongs_to(work: UnitOfWork, actor: Actor, report_id: int, identifier: str) -> Tied:
    """Say that the deployment is one of the release ``identifier``.

    It counts as adopted when the approvals of the release were complete before (DOMAIN.md, *Adoption*). Raises
    :class:`~models.errors.Refused` when the person may not, :class:`~models.errors.Invalid` when there is no such
    release of the service.
    """
    async with work(actor) as tx:
        report, service = await _load(tx, report_id)
        release = await _release(tx, service, identifier)
        adopted = await _tie(tx, report, release)
        report.release_id, report.settled_by, report.doubt = release.id, actor.person, ""
        _record(tx, report, service, adopted=adopted)
        return Tied(release.identifier, adopted)


async def nobodys(work: UnitOfWork, actor: Actor, report_id: int) -> None:
    """Say that no release was recorded for the deployment; saying it again changes nothing.

    Raises :class:`~models.errors.Refused` when the person may not, or it has a release by now.
    """
    async with work(actor) as tx:
        report, service = await _load(tx, report_id)
        if report.settled_by is None:
            report.settled_by = actor.person
            _record(tx, report, service, adopted=False)


async def _load(snapshot: Snapshot, report_id: int) -> tuple[DeploymentReport, Service]:
    """The report, locked in a transaction, and its service, for somebody who may say whose it is."""
    report = await snapshot.session.get(DeploymentReport, report_id, with_for_update=snapshot.locks)
    if report is None:
        raise NotFound("This deployment is not in the database any more.")
    service = (await snapshot.catalog()).by_key.get(report.service)
    if service is None:
        raise Refused(f"The service {report.service} is no longer in the catalog.")
    if (await roles_of(snapshot.session, service, snapshot.actor.person)).isdisjoint(SETTLERS):
        people = await holder_names(snapshot.session, service, SETTLERS)
        raise Refused(f"This is for the {role_choice(SETTLERS)} of {service.name}: {people}.")
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


async def _tie(tx: Transaction, report: DeploymentReport, release: Release) -> bool:
    """Have the deployment counted once: as the one recorded for the release, or else as what was reported.

    Gives whether it is adopted.
    """
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

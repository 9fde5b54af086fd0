"""Recording a deployment that somebody notices (docs/process.md#unrecorded-deployments)."""

from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import Catalog, Service
from models.errors import Invalid
from models.events import Actor
from models.lifecycle.tables.release import Deployment
from models.limits import TEXT_LIMIT
from models.releases.activities.deploy import DEPLOYED
from models.releases.activities.events import UnrecordedDeploymentReported
from models.text import text_problem
from models.time.spans import TEN_YEARS
from models.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class UnrecordedDeployment:
    service: str
    deployed_at: datetime | None
    what: str


async def report_unrecorded(work: UnitOfWork, actor: Actor, form: UnrecordedDeployment, nonce: str) -> Service:
    """Record a deployment that belongs to no release; it counts against adoption. Returns its service.

    Anybody may report one. Submitting the form ``nonce`` twice records one deployment. Raises
    :class:`~models.errors.Invalid` with every wrong field.
    """
    async with work(actor) as tx:
        service, deployed_at = _check(form, await tx.catalog(), tx.now)
        if not await tx.once("unrecorded", nonce):
            return service
        what = form.what.strip()
        deployment = Deployment(
            service=service.key,
            started_at=deployed_at,
            ended_at=deployed_at,
            adopted=False,
            outcome=DEPLOYED,
            what=what,
            reported_by=actor.person,
        )
        tx.session.add(deployment)
        await tx.session.flush()
        tx.record(UnrecordedDeploymentReported(subject=deployment.id, service=service.key, what=what))
        return service


def _check(form: UnrecordedDeployment, catalog: Catalog, now: datetime) -> tuple[Service, datetime]:
    service = catalog.by_key.get(form.service)
    problems = {
        "service": "" if service else "Choose a service of the catalog.",
        "deployed_at": _moment_problem(form.deployed_at, now),
        "what": text_problem(form.what, TEXT_LIMIT, "Say what was deployed."),
    }
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong or service is None or form.deployed_at is None:
        raise Invalid(wrong)
    return service, form.deployed_at


def _moment_problem(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "Say when it was deployed."
    if moment > now:
        return "This is still to come. Request a release for it with /release request."
    return "This is more than ten years ago. Choose a later moment." if now - moment > TEN_YEARS else ""

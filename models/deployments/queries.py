"""A reported deployment as its message shows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.deployments.report import ReportedOutcome
from models.deployments.tables import DeploymentReport
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Deployment, Release


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRecord:
    """What was reported and what became of it.

    ``release`` is the identifier of the release it is one of, ``deploying`` whether that is still being deployed;
    ``settled_by`` the person who said whose it is, ``adopted`` whether it went through the process.
    """

    id: int
    provider: str
    source: str
    service: str
    key: str
    environment: str
    version: str
    title: str
    url: str
    outcome: ReportedOutcome
    at: datetime
    doubt: str
    release: str
    deploying: bool
    settled_by: str
    adopted: bool


async def report_record(session: AsyncSession, catalog: Catalog, report_id: int) -> ReportRecord | None:
    """The report with this id; None when it is not there any more."""
    found = await session.get(DeploymentReport, report_id)
    if found is None:
        return None
    release = await session.get(Release, found.release_id) if found.release_id else None
    deployment = await session.get(Deployment, found.deployment_id) if found.deployment_id else None
    return ReportRecord(
        id=found.id,
        provider=found.provider,
        source=found.source,
        service=catalog.service_name(found.service),
        key=found.service,
        environment=found.environment,
        version=found.version,
        title=found.title,
        url=found.url,
        outcome=ReportedOutcome(found.outcome),
        at=found.at,
        doubt=found.doubt,
        release=release.identifier if release else "",
        deploying=release is not None and release.state == State.DEPLOYING,
        settled_by=found.settled_by or "",
        adopted=deployment is not None and deployment.adopted,
    )

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.deployments.records import ReportRecord
from models.deployments.report import ReportedOutcome
from models.deployments.tables import DeploymentReport
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Deployment, Release


async def report_record(session: AsyncSession, catalog: Catalog, report_id: int) -> ReportRecord | None:
    report = await session.get(DeploymentReport, report_id)
    if report is None:
        return None
    release = await session.get(Release, report.release_id) if report.release_id else None
    deployment = await session.get(Deployment, report.deployment_id) if report.deployment_id else None
    return ReportRecord(
        id=report.id,
        provider=report.provider,
        source=report.source,
        service=catalog.service_name(report.service),
        environment=report.environment,
        version=report.version,
        title=report.title,
        url=report.url,
        outcome=ReportedOutcome(report.outcome),
        at=report.at,
        doubt=report.doubt,
        release=release.identifier if release else "",
        deploying=release is not None and release.state == State.DEPLOYING,
        settled_by=report.settled_by or "",
        adopted=deployment is not None and deployment.adopted,
    )

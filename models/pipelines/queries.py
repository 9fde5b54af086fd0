"""Reading what people see of pipelines that ask."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.lifecycle.tables.pipelines import PipelineClearance
from models.lifecycle.tables.release import Release
from models.people.directory import name_of
from models.pipelines.question import Tool
from models.pipelines.records import PipelineNotice


async def pipeline_notice(
    session: AsyncSession, catalog: Catalog, facts: Mapping[str, Any]
) -> PipelineNotice | None:
    row = await session.get(PipelineClearance, int(facts["clearance"]))
    if row is None:
        return None
    release = await session.get(Release, row.release_id) if row.release_id else None
    return PipelineNotice(
        kind=str(facts["notice"]),
        tool=Tool(row.tool),
        service=catalog.service_name(row.service),
        environment=row.environment,
        what=" ".join(part for part in (row.item, row.version or row.commit[:12]) if part),
        actor=await name_of(session, row.person) if row.person else row.actor,
        run_url=row.run_url,
        identifier=release.identifier if release else "",
        decision=row.decision,
        bound_to=row.bound_to,
        reasons=tuple(str(one["text"]) for one in row.reasons),
        next_allowed=row.next_allowed,
        at=row.asked_at,
        reason=str(facts.get("grounds") or ""),
        mentions=tuple(facts.get("mentions") or ()),
    )

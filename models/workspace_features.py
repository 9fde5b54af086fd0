"""Features that the workspace has refused, such as native charts (docs/slack-facts.md#charts-and-tables)."""

from datetime import datetime, timedelta

from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models.events import SYSTEM
from models.unit_of_work import UnitOfWork

NATIVE_CHARTS = "native_charts"

TRY_AGAIN_AFTER = timedelta(days=7)
"""Workspaces get new features at different times."""


class WorkspaceFeature(SQLModel, table=True):
    """A refused feature."""

    __tablename__ = "workspace_feature"

    name: str = Field(primary_key=True)
    refused_at: datetime


async def native_charts(session: AsyncSession, now: datetime) -> bool:
    """Whether native charts and tables may be sent; a week after a refusal they are tried again."""
    refused = await session.get(WorkspaceFeature, NATIVE_CHARTS)
    return refused is None or now - refused.refused_at >= TRY_AGAIN_AFTER


async def refuse_native_charts(work: UnitOfWork) -> None:
    async with work(SYSTEM) as tx:
        row = await tx.session.get(WorkspaceFeature, NATIVE_CHARTS)
        if row is None:
            tx.session.add(WorkspaceFeature(name=NATIVE_CHARTS, refused_at=tx.now))
        else:
            row.refused_at = tx.now

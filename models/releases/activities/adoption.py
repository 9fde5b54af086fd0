"""Which deployments count as gone through the process (DOMAIN.md, key performance indicators)."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select

from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.release import Deployment, Release
from models.releases.activities.release_criteria import has_open_criteria_before_deployment
from models.releases.approval.decisions import BYPASSED
from models.unit_of_work import Transaction


def counts_as_adopted() -> ColumnElement[bool]:
    """Recorded and approved when it started, nothing bypassed, and what an emergency owed given within its grace.

    An emergency counts against adoption until its approvals are complete, and for good when they were late.
    """
    owing = exists().where(
        col(Release.id) == col(Deployment.release_id),
        col(LaterApprovals.release_id) == col(Release.id),
        col(LaterApprovals.round) == col(Release.round),
        or_(
            col(LaterApprovals.completed_at).is_(None),
            col(LaterApprovals.completed_at) > col(LaterApprovals.due_at),
        ),
    )
    bypassed = exists().where(
        col(Release.id) == col(Deployment.release_id),
        col(Decision.release_id) == col(Release.id),
        col(Decision.round) == col(Release.round),
        col(Decision.verdict) == BYPASSED,
    )
    return and_(col(Deployment.adopted), ~owing, ~bypassed)


async def is_adopted_at(tx: Transaction, release: Release, at: datetime) -> bool:
    """Whether a deployment at ``at`` went through the process: approved before, criteria settled (DOMAIN.md)."""
    if release.approved_at is None or release.approved_at > at:
        return False
    return not await has_open_criteria_before_deployment(tx, release.id)


async def adopt_late(tx: Transaction, release: Release) -> None:
    """An emergency that was deployed before its criteria were settled is adopted once they are (DOMAIN.md)."""
    if release.started_at is None or await has_open_criteria_before_deployment(tx, release.id):
        return
    query = select(Deployment).where(col(Deployment.release_id) == release.id, col(Deployment.adopted).is_(False))
    for deployment in (await tx.session.exec(query)).all():
        deployment.adopted = True

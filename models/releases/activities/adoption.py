"""Which deployments count as gone through the process (DOMAIN.md, key performance indicators)."""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col

from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.release import Deployment, Release
from models.releases.approval.decisions import BYPASSED


def went_through() -> ColumnElement[bool]:
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

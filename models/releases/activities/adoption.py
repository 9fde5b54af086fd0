"""Which deployments count as adopted (docs/process.md#adoption)."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select

from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.clearance import GLASS, Override
from models.lifecycle.tables.release import Deployment, Release
from models.releases.activities.gates import ENTRY, EXIT, SETTLED_OUTCOMES
from models.releases.approval.decisions import BYPASSED
from models.unit_of_work import Transaction


def counts_as_adopted() -> ColumnElement[bool]:
    """Adopted, no glass broken, and the later approvals of an emergency complete in time.

    An emergency counts against adoption until its later approvals are complete, and for good when they were late.
    """
    later_approvals_missing = exists().where(
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
    broken = exists().where(
        col(Override.release_id) == col(Deployment.release_id),
        col(Override.kind) == GLASS,
        col(Override.at) <= col(Deployment.started_at),
    )
    return and_(col(Deployment.adopted), ~later_approvals_missing, ~bypassed, ~broken)


async def is_adopted_at(tx: Transaction, release: Release, at: datetime) -> bool:
    """Whether a deployment at ``at`` is adopted: approved before, and entry and exit criteria settled by now."""
    if release.approved_at is None or release.approved_at > at:
        return False
    return not await _has_open_criteria(tx, release.id)


async def adopt_late(tx: Transaction, release: Release) -> None:
    """Adopt an emergency that was deployed with open criteria, once they are settled."""
    if release.started_at is None or await _has_open_criteria(tx, release.id):
        return
    query = select(Deployment).where(col(Deployment.release_id) == release.id, col(Deployment.adopted).is_(False))
    for deployment in (await tx.session.exec(query)).all():
        deployment.adopted = True


async def _has_open_criteria(tx: Transaction, release_id: int) -> bool:
    query = select(Criterion.id).where(
        col(Criterion.release_id) == release_id,
        col(Criterion.gate).in_((ENTRY, EXIT)),
        col(Criterion.outcome).not_in(SETTLED_OUTCOMES),
    )
    return (await tx.session.exec(query.limit(1))).first() is not None

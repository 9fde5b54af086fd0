"""Reading approvals for people: notices, progress by role, later approvals, broken glass."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.catalog.document import Service
from models.catalog.roles import role_word
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import NEEDS_NO_LATER_APPROVALS, State
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.release import Release
from models.people.directory import names
from models.releases.approval.decisions import APPROVED, APPROVED_AFTERWARDS, BYPASSED, entitlement, in_place_of
from models.releases.approval.progress import ApprovalProgress, holders_of_missing, later_progress
from models.releases.approval.records import (
    ApprovalNotice,
    Bypass,
    GivenApproval,
    LateApprovals,
    RoleProgress,
)

WHILE_REQUESTED = ("chased", "escalated", "tightened", "withdrawn")
"""Kinds of notice that ask people to act while the release waits for approval."""

WHILE_INCOMPLETE = ("owed", "late")
"""Kinds that ask them to act while later approvals are missing."""


async def approval_notice(
    session: AsyncSession, release_id: int, facts: Mapping[str, Any], *, posted: bool
) -> ApprovalNotice | None:
    """The notice with the facts it was recorded with.

    None when it asks people to act, wasn't ``posted`` yet, and there is nothing left to do.
    """
    release = await load_release(session, release_id)
    kind, round_ = str(facts["notice"]), int(facts["round"])
    if not posted and not await _still_asks(session, release, kind, round_):
        return None
    person = str(facts.get("person") or "")
    called = await names(session, {person} if person else ())
    since, due_at = (str(facts.get(name) or "") for name in ("since", "due_at"))
    return ApprovalNotice(
        kind=kind,
        release_id=release_id,
        round=round_,
        identifier=release.identifier,
        title=release.title,
        mentioned=tuple(facts.get("asked") or facts.get("passed_over") or ()),
        roles=tuple(role_word(str(role)) for role in facts.get("roles") or ()),
        since=datetime.fromisoformat(since) if since else None,
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        late=bool(facts.get("late")),
        person_name=called.get(person, person),
        requester=str(facts.get("requester") or ""),
        reason=str(facts.get("grounds") or ""),
        state=release.state,
        added=tuple(facts.get("added") or ()),
    )


def given_approvals(decisions: Sequence[Decision], called: Mapping[str, str]) -> tuple[GivenApproval, ...]:
    """Who approved the round, before and after an emergency's deployment, in the order in which they did."""
    given = [one for one in decisions if one.verdict in (APPROVED, APPROVED_AFTERWARDS)]
    return tuple(
        GivenApproval(
            person=in_place_of(called, one.person, one.standing_in_for),
            roles=tuple(one.roles),
            at=one.at,
            entitled=entitlement(one.roles, called.get(one.standing_in_for or "", one.standing_in_for)),
            comment=one.reason,
            later=one.verdict == APPROVED_AFTERWARDS,
        )
        for one in sorted(given, key=lambda one: (one.at, one.id))
    )


async def late_approvals(
    session: AsyncSession,
    service: Service | None,
    release: Release,
    decisions: Sequence[Decision],
    called: Mapping[str, str],
) -> LateApprovals | None:
    """The later approvals of ``release``, given or not; None when it needs none."""
    if release.state in NEEDS_NO_LATER_APPROVALS:
        return None
    row = await session.get(LaterApprovals, (release.id, release.round))
    if row is None:
        return None
    given = later_progress(row.required, decisions, await requesters_of(session, release))
    progress = role_progress(service, given, called)
    late = row.late_at is not None or (row.completed_at is not None and row.completed_at > row.due_at)
    return LateApprovals(progress, row.due_at, row.completed_at, late)


def role_progress(
    service: Service | None, progress: ApprovalProgress, called: Mapping[str, str]
) -> tuple[RoleProgress, ...]:
    counted = progress.tally().counted
    waiting = holders_of_missing(service, progress)
    shown = {one.person: in_place_of(called, one.person, one.standing_in_for) for one in progress.approvals}
    return tuple(
        RoleProgress(
            role=role,
            needed=needed,
            approved_by=tuple(shown[person] for person in counted[role]),
            waiting=tuple(one for one in waiting.get(role, ()) if one not in progress.spent),
        )
        for role, needed in progress.required.items()
    )


def incomplete_later_approvals() -> Select[LaterApprovals, Release]:
    """Selects the emergencies whose later approvals are not complete, the earliest due first."""
    current = and_(
        col(Release.id) == col(LaterApprovals.release_id), col(Release.round) == col(LaterApprovals.round)
    )
    return (
        select(LaterApprovals, Release)
        .join(Release, current)
        .where(col(LaterApprovals.completed_at).is_(None), col(Release.state).not_in(NEEDS_NO_LATER_APPROVALS))
        .order_by(col(LaterApprovals.due_at), col(LaterApprovals.release_id))
    )


async def broken_glass(session: AsyncSession, release_id: int) -> Decision | None:
    """The last decision, in any round, with which somebody broke the release's glass."""
    query = select(Decision).where(col(Decision.release_id) == release_id, col(Decision.verdict) == BYPASSED)
    return (await session.exec(query.order_by(col(Decision.round).desc()).limit(1))).first()


def bypass_of(decision: Decision | None, round_: int, called: Mapping[str, str]) -> Bypass | None:
    if decision is None:
        return None
    return Bypass(called.get(decision.person, decision.person), decision.reason, earlier=decision.round != round_)


async def _still_asks(session: AsyncSession, release: Release, kind: str, round_: int) -> bool:
    if kind in WHILE_REQUESTED:
        return release.state == State.REQUESTED and release.round == round_
    if kind in WHILE_INCOMPLETE:
        row = await session.get(LaterApprovals, (release.id, round_))
        return row is not None and row.completed_at is None and release.state not in NEEDS_NO_LATER_APPROVALS
    return True

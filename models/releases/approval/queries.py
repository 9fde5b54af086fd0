"""Reading what there is to say around approvals: notices, what an emergency owes, whose glass was broken."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.catalog.roles import role_word
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.release import Release
from models.people.directory import names
from models.releases.approval.decisions import APPROVED_AFTERWARDS, BYPASSED, deciders, given, in_place_of
from models.releases.approval.later_progress import NEVER_WENT_THROUGH, tally_later
from models.releases.approval.records import ApprovalNotice, Bypass, LateApprovals, RoleProgress

WHILE_REQUESTED = ("chased", "escalated")

WHILE_INCOMPLETE = ("owed", "late")


async def approval_notice(
    session: AsyncSession, release_id: int, facts: Mapping[str, Any], *, posted: bool
) -> ApprovalNotice | None:
    """A notice with the facts it was recorded with.

    None for one that asks people to act and was not ``posted`` before there was nothing left to do.
    """
    release = await load_release(session, release_id)
    kind, round_ = str(facts["notice"]), int(facts["round"])
    if not posted and not await _still_true(session, release, kind, round_):
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
        asked=tuple(facts.get("asked") or facts.get("passed_over") or ()),
        roles=tuple(role_word(str(role)) for role in facts.get("roles") or ()),
        since=datetime.fromisoformat(since) if since else None,
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        late=bool(facts.get("late")),
        person_name=called.get(person, person),
        requester=str(facts.get("requester") or ""),
        reason=str(facts.get("grounds") or ""),
        state=release.state,
    )


async def late_approvals(
    session: AsyncSession,
    service: Service | None,
    release: Release,
    decisions: Sequence[Decision],
    called: Mapping[str, str],
) -> LateApprovals | None:
    """What ``release`` owes since it was approved, given or not; None when it never did."""
    if release.state in NEVER_WENT_THROUGH:
        return None
    row = await session.get(LaterApprovals, (release.id, release.round))
    if row is None:
        return None
    counted = tally_later(row.required, decisions, release.requester)
    shown = {
        one.person: in_place_of(called, one.person, one.standing_in_for)
        for one in given(decisions, APPROVED_AFTERWARDS)
    }
    spent = deciders(decisions) | {release.requester}
    progress = tuple(
        RoleProgress(
            role=role,
            needed=needed,
            approved_by=tuple(shown[person] for person in counted.counted[role]),
            waiting=tuple(one for one in service.holders(role) if one not in spent)
            if service and counted.missing[role]
            else (),
        )
        for role, needed in row.required.items()
    )
    late = row.late_at is not None or (row.completed_at is not None and row.completed_at > row.due_at)
    return LateApprovals(progress, row.due_at, row.completed_at, late)


async def broken_glass(session: AsyncSession, release_id: int) -> Decision | None:
    """The decision with which somebody approved the release without its quorum: the last one, of whatever round."""
    query = select(Decision).where(col(Decision.release_id) == release_id, col(Decision.verdict) == BYPASSED)
    return (await session.exec(query.order_by(col(Decision.round).desc()).limit(1))).first()


def bypass_of(found: Decision | None, round_: int, called: Mapping[str, str]) -> Bypass | None:
    """Who approved without the quorum, and why; said also when an edit has begun another round since."""
    if found is None:
        return None
    return Bypass(called.get(found.person, found.person), found.reason, earlier=found.round != round_)


async def _still_true(session: AsyncSession, release: Release, kind: str, round_: int) -> bool:
    if kind in WHILE_REQUESTED:
        return release.state == State.REQUESTED and release.round == round_
    if kind in WHILE_INCOMPLETE:
        row = await session.get(LaterApprovals, (release.id, round_))
        return row is not None and row.completed_at is None and release.state not in NEVER_WENT_THROUGH
    return True

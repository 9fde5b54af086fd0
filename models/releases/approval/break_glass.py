"""Break-glass: approving a release without its quorum, for a reason that stays and before everybody's eyes."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.catalog.roles import role_words
from models.errors import Refused, Stale
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import LoadedRelease, load_to
from models.lifecycle.lifecycle import Verb
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.approvals import Decision
from models.people.holder_names import holder_names
from models.releases.approval.chasing import can_still_decide
from models.releases.approval.completion import count_on
from models.releases.approval.decisions import BYPASSED, decisions_of
from models.releases.approval.events import ApprovalBypassed
from models.releases.policy.recorded import unwaived
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Breakable:
    """A release whose glass somebody may break, and what that passes over."""

    id: int
    identifier: str
    round: int
    roles: str


async def check_may_break(work: UnitOfWork, actor: Actor, release_id: int) -> Breakable:
    """Whether ``actor`` could break the glass now. Raises what :func:`break_glass` would raise."""
    async with work.reading(actor) as snapshot:
        found = await _load(snapshot, release_id)
        roles, _ = await _passed_over(snapshot, found, await decisions_of(snapshot.session, found.release))
        return Breakable(found.id, found.release.identifier, found.release.round, role_words(roles))


async def break_glass(work: UnitOfWork, actor: Actor, release_id: int, round_: int, reason: str) -> str:
    """Approve without the quorum; gives the identifier. Whoever could still have approved is told.

    Raises :class:`~models.errors.Invalid` without a usable reason, :class:`~models.errors.Refused` for the
    requester, for people in none of the roles and when the release does not wait for approval,
    :class:`~models.errors.Stale` when it has changed since.
    """
    given_reason = check_reason(reason)
    async with work(actor) as tx:
        found = await _load(tx, release_id)
        release, service = found.release, found.service
        if release.round != round_:
            raise Stale(f"{release.identifier} has changed since this was shown. Read its card again, then decide.")
        if service is None or release.type not in service.policy.types:
            raise Refused(f"The catalog no longer knows {release.type} releases of {release.service}.")
        decisions = await decisions_of(tx.session, found.release)
        _, passed_over = await _passed_over(tx, found, decisions)
        _decide(tx, found, decisions, given_reason)
        lifecycle.move(release, Verb.BREAK_GLASS, tx.now)
        release.approved_at = tx.now
        await count_on(tx, found.catalog, service, found.id, release.round, release.type, release.window_start)
        tx.record(
            ApprovalBypassed(
                subject=found.id,
                release_id=found.id,
                identifier=release.identifier,
                channel=service.channel,
                grounds=given_reason,
                round=release.round,
                person=actor.person,
                passed_over=passed_over,
                unwaived=await unwaived(tx.session, found.id),
                requester=release.requester,
            )
        )
        return release.identifier


async def _load(snapshot: Snapshot, release_id: int) -> LoadedRelease:
    found = await load_to(snapshot, Verb.BREAK_GLASS, release_id)
    release, row = found.release, lifecycle.transition(Verb.BREAK_GLASS, found.release.state)
    if snapshot.actor.person == release.requester and found.service and row:
        others = await holder_names(snapshot.session, found.service, row.who, without=(release.requester,))
        raise Refused(f"You requested {release.identifier}, so somebody else has to break the glass: {others}.")
    return found


async def _passed_over(
    snapshot: Snapshot, found: LoadedRelease, decisions: Sequence[Decision]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that are missing, and who could still have approved in them or stood in for who holds one."""
    kind = found.service.policy.types.get(found.release.type) if found.service else None
    if found.service is None or kind is None:
        return (), ()
    roles, people = await can_still_decide(
        snapshot, found.service, dict(kind.approvals), decisions, found.release.requester
    )
    return roles, tuple(one for one in people if one != snapshot.actor.person)


def _decide(tx: Transaction, found: LoadedRelease, decisions: Sequence[Decision], reason: str) -> None:
    mine = next((one for one in decisions if one.person == tx.actor.person), None)
    if mine is None:
        mine = Decision(
            release_id=found.id,
            round=found.release.round,
            person=tx.actor.person,
            verdict="",
            roles=[],
            at=tx.now,
        )
        tx.session.add(mine)
    mine.verdict, mine.reason, mine.at, mine.standing_in_for = BYPASSED, reason, tx.now, None

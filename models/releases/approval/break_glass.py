"""Breaking the glass: approving a release without its quorum: docs/process.md#breaking-the-glass."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.catalog.roles import role_words
from models.errors import Refused
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import LoadedRelease, check_round, load_for_verb
from models.lifecycle.lifecycle import Verb
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.approvals import Decision
from models.people.holder_names import holder_names
from models.releases.approval.approve import carry_out_approval
from models.releases.approval.decisions import BYPASSED, decisions_of, write_release_decision
from models.releases.approval.events import ApprovalBypassed
from models.releases.approval.progress import ApprovalProgress, can_still_approve, quorum_progress
from models.releases.policy.stored_findings import unwaived_sentences
from models.unit_of_work import Snapshot, UnitOfWork


@dataclass(frozen=True, slots=True)
class Breakable:
    """A release whose glass somebody may break; ``roles``, in words, are those that haven't approved."""

    id: int
    identifier: str
    round: int
    roles: str


async def check_may_break(work: UnitOfWork, actor: Actor, release_id: int) -> Breakable:
    """Whether ``actor`` could break the glass now. Raises what :func:`break_glass` would raise."""
    async with work.reading(actor) as snapshot:
        loaded = await _load(snapshot, release_id)
        progress = _progress(loaded, await decisions_of(snapshot.session, loaded.release))
        roles = progress.tally().missing_roles if progress else ()
        return Breakable(loaded.id, loaded.release.identifier, loaded.release.round, role_words(roles))


async def break_glass(work: UnitOfWork, actor: Actor, release_id: int, round_: int, reason: str) -> str:
    """Approve without the quorum, and tell everybody who could still have approved. Returns the identifier.

    Raises :class:`~models.errors.Invalid` without a usable reason, :class:`~models.errors.Refused` for the
    requester, for people in none of the roles and when the release does not wait for approval,
    :class:`~models.errors.Stale` when it has changed since.
    """
    given_reason = check_reason(reason)
    async with work(actor) as tx:
        loaded = await _load(tx, release_id)
        release, service = loaded.release, loaded.service
        check_round(release.identifier, release.round, round_)
        decisions = await decisions_of(tx.session, release)
        progress = _progress(loaded, decisions)
        if service is None or progress is None:
            raise Refused(f"The catalog no longer knows {release.type} releases of {release.service}.")
        could_approve = await can_still_approve(tx.session, service, progress, tx.now)
        write_release_decision(tx, release, decisions, BYPASSED, given_reason).standing_in_for = None
        lifecycle.move(release, Verb.BREAK_GLASS, tx.now)
        await carry_out_approval(
            tx, loaded.catalog, service, loaded.id, release.round, release.type, release.window_start
        )
        tx.record(
            ApprovalBypassed(
                subject=loaded.id,
                release_id=loaded.id,
                identifier=release.identifier,
                channel=service.channel,
                grounds=given_reason,
                round=release.round,
                person=actor.person,
                passed_over=tuple(one for one in could_approve if one != actor.person),
                unwaived=await unwaived_sentences(tx.session, service, loaded.id),
                requester=release.requester,
            )
        )
        return release.identifier


async def _load(snapshot: Snapshot, release_id: int) -> LoadedRelease:
    loaded = await load_for_verb(snapshot, Verb.BREAK_GLASS, release_id)
    release, row = loaded.release, lifecycle.transition(Verb.BREAK_GLASS, loaded.release.state)
    if snapshot.actor.person == release.requester and loaded.service and row:
        others = await holder_names(snapshot.session, loaded.service, row.who, without=(release.requester,))
        raise Refused(f"You requested {release.identifier}, so somebody else has to break the glass: {others}.")
    return loaded


def _progress(loaded: LoadedRelease, decisions: Sequence[Decision]) -> ApprovalProgress | None:
    """None when the catalog no longer has the service or its type of release."""
    kind = loaded.service.policy.types.get(loaded.release.type) if loaded.service else None
    return quorum_progress(kind.approvals, decisions, loaded.release.requester) if kind else None

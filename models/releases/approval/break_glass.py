"""Breaking the glass: approving a release without its quorum: docs/process.md#breaking-the-glass."""

from dataclasses import dataclass

from models.catalog.document import Service
from models.catalog.roles import role_words
from models.errors import Refused
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import LoadedRelease, check_round, load_for_verb
from models.lifecycle.lifecycle import State, Verb
from models.lifecycle.reasons import check_reason
from models.lifecycle.requesters import requesters_of
from models.releases.approval.approve import carry_out_approval
from models.releases.approval.decision_case import write_decision
from models.releases.approval.decisions import BYPASSED, decisions_of
from models.releases.approval.events import ApprovalBypassed
from models.releases.approval.progress import can_still_approve, quorum_progress
from models.releases.approval.rounds.rules import RoundRules
from models.releases.approval.rounds.store import rules_of_release
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
        release = loaded.release
        _, rules = await _terms(snapshot, loaded)
        decisions = await decisions_of(snapshot.session, release)
        requesters = await requesters_of(snapshot.session, release)
        roles = quorum_progress(rules.required, decisions, requesters).tally().missing_roles
        return Breakable(loaded.id, release.identifier, release.round, role_words(roles))


async def break_glass(work: UnitOfWork, actor: Actor, release_id: int, round_: int, reason: str) -> str:
    """Approve without the quorum, and tell everybody who could still have approved. Returns the identifier.

    Raises :class:`~models.errors.Invalid` without a usable reason, :class:`~models.errors.Refused` for
    requesters, for people in none of the roles, when the release does not wait for approval and when the catalog no
    longer has its type, :class:`~models.errors.Stale` when it has changed since.
    """
    given_reason = check_reason(reason)
    async with work(actor) as tx:
        loaded = await _load(tx, release_id)
        release = loaded.release
        check_round(release.identifier, release.round, round_)
        decisions = await decisions_of(tx.session, release)
        service, rules = await _terms(tx, loaded)
        progress = quorum_progress(rules.required, decisions, await requesters_of(tx.session, release))
        could_approve = await can_still_approve(tx.session, service, progress, tx.now)
        await write_decision(tx, loaded.id, release.round, decisions, BYPASSED, reason=given_reason)
        lifecycle.move(release, Verb.BREAK_GLASS, tx.now)
        await carry_out_approval(
            tx, loaded.catalog, service, loaded.id, release.round, release.type, release.window_start, rules.later
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
    """A release that waits for approval: glass is broken another way for one that is approved."""
    loaded = await load_for_verb(snapshot, Verb.BREAK_GLASS, release_id)
    row = lifecycle.transition(Verb.BREAK_GLASS, loaded.release.state)
    if row is None or row.target is None:
        raise Refused(f"{loaded.release.identifier} is {State(loaded.release.state).words} already.")
    return loaded


async def _terms(snapshot: Snapshot, loaded: LoadedRelease) -> tuple[Service, RoundRules]:
    """Raises Refused when the catalog no longer has the service or its type of release."""
    release, service = loaded.release, loaded.service
    rules = await rules_of_release(snapshot.session, service, release)
    if service is None or rules is None or release.type not in service.policy.types:
        raise Refused(f"The catalog no longer knows {release.type} releases of {release.service}.")
    return service, rules

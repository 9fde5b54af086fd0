"""Approving in the place of somebody who has left since they approved the round."""

from models.catalog.roles import role_words
from models.errors import Refused
from models.events import Actor
from models.lifecycle.access import LoadedRelease, check_round
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import PREPARING
from models.lifecycle.requesters import requesters_of
from models.people.freshness import check_membership_of_actor
from models.people.holder_names import holder_names
from models.releases.approval.decision_case import write_decision
from models.releases.approval.decisions import APPROVED, decisions_of
from models.releases.approval.events import ApprovalGranted
from models.releases.approval.progress import quorum_progress
from models.releases.approval.rights import DecisionRight, counting_right
from models.releases.approval.rounds.store import rules_of_release
from models.releases.clearance.ask import service_of
from models.releases.clearance.read_facts import approvals_still_held
from models.unit_of_work import Snapshot, UnitOfWork


async def renew_approval(work: UnitOfWork, actor: Actor, release_id: int, round_: int) -> str:
    """Count ``actor``'s approval in the place of one that holds no more. Returns the identifier.

    Raises :class:`~models.errors.Refused` where nothing of that kind is missing, and for people whose approval
    wouldn't count; :class:`~models.errors.Stale` when the release has changed since.
    """
    async with work(actor) as tx:
        release = await load_release(tx.session, release_id, lock=True)
        check_round(release.identifier, release.round, round_)
        catalog = await tx.catalog()
        loaded = LoadedRelease(release, catalog.by_key.get(release.service), catalog)
        service = service_of(loaded)
        right = await _right(tx, loaded)
        if right is None:
            raise Refused(await _nobody_left(tx, loaded))
        decisions = await decisions_of(tx.session, release)
        await check_membership_of_actor(tx, service, right.roles)
        await write_decision(tx, release_id, release.round, decisions, APPROVED, right)
        tx.record(
            ApprovalGranted(
                subject=release_id,
                release_id=release_id,
                identifier=release.identifier,
                channel=service.channel,
                grounds=f"holds {role_words(right.roles)}, in the place of somebody who doesn't any more",
                round=release.round,
                roles=right.roles,
                standing_in_for=right.standing_in_for,
                complete=False,
                requester=release.requester,
            )
        )
        return release.identifier


async def _right(snapshot: Snapshot, loaded: LoadedRelease) -> DecisionRight | None:
    release, service = loaded.release, service_of(loaded)
    rules = await rules_of_release(snapshot.session, service, release)
    if rules is None or release.state not in PREPARING:
        return None
    decisions = await decisions_of(snapshot.session, release)
    held = await approvals_still_held(snapshot.session, service, decisions)
    people = {one.person for one in held}
    still = [one for one in decisions if one.verdict != APPROVED or one.person in people]
    progress = quorum_progress(rules.required, still, await requesters_of(snapshot.session, release))
    counting = await counting_right(snapshot, service, progress, snapshot.actor.person)
    return counting[0] if counting else None


async def _nobody_left(snapshot: Snapshot, loaded: LoadedRelease) -> str:
    release, service = loaded.release, service_of(loaded)
    rules = await rules_of_release(snapshot.session, service, release)
    others = await holder_names(
        snapshot.session,
        service,
        rules.required if rules else (),
        without=await requesters_of(snapshot.session, release),
    )
    return f"No approval of {release.identifier} waits for you to take its place. Its approvers are {others}."

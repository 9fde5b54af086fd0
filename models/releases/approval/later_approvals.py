"""Later approvals: those of an emergency, given after it was approved: docs/process.md#later-approvals."""

from zoneinfo import ZoneInfo

from models.catalog import document
from models.catalog.document import Service
from models.catalog.quorum import Tally
from models.catalog.roles import role_words
from models.errors import Refused
from models.events import Actor
from models.lifecycle.access import check_round
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import NEEDS_NO_LATER_APPROVALS
from models.lifecycle.requesters import part_in, requesters_of
from models.lifecycle.tables.approvals import LaterApprovals
from models.lifecycle.tables.release import Release
from models.people.freshness import last_read
from models.people.holder_names import holder_names
from models.releases.approval.decision_case import write_decision
from models.releases.approval.decisions import APPROVED_AFTERWARDS, deciders, decisions_of
from models.releases.approval.events import LaterApprovalGranted
from models.releases.approval.permission import check_right_is_fresh
from models.releases.approval.progress import ApprovalProgress, later_progress
from models.releases.approval.rights import DecisionRight, counting_right
from models.time.spans import parse_span
from models.unit_of_work import Transaction, UnitOfWork


def require_later_approvals(
    tx: Transaction, release_id: int, round_: int, terms: document.LaterApprovalTerms, zone: ZoneInfo
) -> None:
    """Write down what the catalog asks for now; what it says later doesn't change it."""
    tx.session.add(
        LaterApprovals(
            release_id=release_id,
            round=round_,
            required=dict(terms.approvals),
            since=tx.now,
            due_at=parse_span(terms.within).after(tx.now, zone),
            looked_at=tx.now,
            next_at=tx.now,
        )
    )


async def approve_afterwards(work: UnitOfWork, actor: Actor, release_id: int, round_: int) -> str:
    """Count a later approval of an emergency. Returns the identifier. Giving it twice counts once.

    Raises :class:`~models.errors.Refused` when no later approvals are needed, for requesters, for people who
    have approved before and for people in no role that is asked for.
    """
    async with work(actor) as tx:
        release = await load_release(tx.session, release_id, lock=True)
        check_round(release.identifier, release.round, round_)
        needed = await tx.session.get(LaterApprovals, (release_id, round_))
        if needed is None or release.state in NEEDS_NO_LATER_APPROVALS:
            raise Refused(f"{release.identifier} needs no approvals afterwards.")
        decisions = await decisions_of(tx.session, release)
        if any(one.person == actor.person and one.verdict == APPROVED_AFTERWARDS for one in decisions):
            return release.identifier
        service = (await tx.catalog()).by_key.get(release.service)
        progress = later_progress(needed.required, decisions, await requesters_of(tx.session, release))
        right, tally = await _right_to_approve(tx, service, release, progress, deciders(decisions))
        await write_decision(tx, release_id, round_, decisions, APPROVED_AFTERWARDS, right)
        if tally.complete:
            needed.completed_at, needed.next_at = tx.now, None
        tx.record(
            LaterApprovalGranted(
                subject=release_id,
                release_id=release_id,
                identifier=release.identifier,
                grounds=f"holds {role_words(right.roles)}" if not right.standing_in_for else "",
                round=round_,
                roles=right.roles,
                complete=tally.complete,
                late=tx.now > needed.due_at,
                standing_in_for=right.standing_in_for,
            )
        )
        return release.identifier


async def _right_to_approve(
    tx: Transaction, service: Service | None, release: Release, progress: ApprovalProgress, decided: set[str]
) -> tuple[DecisionRight, Tally]:
    """In what the actor's approval counts, and the tally with it. Raises Refused when it wouldn't count."""
    person = tx.actor.person
    if service is None:
        raise Refused(f"{release.identifier} belongs to a service that is no longer in the catalog.")
    before = progress.tally()
    if before.complete:
        raise Refused(f"{release.identifier} has all its approvals.")
    counting = await counting_right(tx, service, progress, person)
    if counting:
        read_at = (await last_read(tx.session, [person])).get(person)
        await check_right_is_fresh(tx, service, counting[0], read_at)
        return counting
    others = await holder_names(tx.session, service, before.missing_roles, without=progress.spent)
    sentence = f"It waits for {role_words(before.missing_roles)}"
    if person in decided:
        sentence = "You count once, and you have decided already"
    elif person in progress.requesters:
        sentence = part_in(person, release.requester, "it")
    raise Refused(f"{release.identifier} needs approvals afterwards. {sentence}, so this is for {others}.")

"""Which messages the events around approvals call for: the card, and the release's thread.

People who stand in for somebody are told directly.
"""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.events import ReleaseEvent
from models.lifecycle.message_keys import outcome_of_round, refresh_card, thread_post
from models.outbox import Post, Rule
from models.releases.approval import events as happened


def delegation_key(delegation_id: int | str) -> str:
    return f"delegation:{delegation_id}"


def _delegated(event: happened.ApprovalsDelegated | happened.DelegationStopped) -> Iterable[Post]:
    yield Post(
        key=delegation_key(event.subject),
        message="delegation",
        subject=str(event.subject),
        recipient=event.delegate,
        facts=event.facts(),
    )


def _approved(event: happened.ApprovalGranted) -> Iterable[Post]:
    if event.complete:
        yield from outcome_of_round("approved")(event)


def _rejected(event: happened.ReleaseRejected) -> Iterable[Post]:
    kind = "rejected" if event.stopped else "objected"
    key = f"outcome:{kind}:{event.release_id}:{event.round}:{event.person}"
    yield thread_post("release_outcome", key, event, outcome=kind)


def _thread(kind: str, key: str, event: ReleaseEvent) -> Post:
    return thread_post("approval_notice", key, event, notice=kind)


def _chased(event: happened.ApprovalChased) -> Iterable[Post]:
    yield _thread("chased", f"approval:chased:{event.release_id}:{event.round}:{event.count}", event)


def _tightened(event: happened.RulesTightened) -> Iterable[Post]:
    yield _thread("tightened", f"approval:tightened:{event.release_id}:{event.round}:{event.revision}", event)


def _escalated(event: happened.ApprovalEscalated) -> Iterable[Post]:
    yield _thread("escalated", f"approval:escalated:{event.release_id}:{event.round}", event)


def _withdrawn(event: happened.ApprovalWithdrawn) -> Iterable[Post]:
    key = f"approval:withdrawn:{event.release_id}:{event.round}:{event.person}:{event.given_at}"
    yield _thread("withdrawn", key, event)


def _expired(event: happened.ReleaseExpired) -> Iterable[Post]:
    yield _thread("expired", f"approval:expired:{event.release_id}:{event.round}", event)


def _granted_afterwards(event: happened.LaterApprovalGranted) -> Iterable[Post]:
    if event.complete:
        yield _thread("complete", f"approval:complete:{event.release_id}:{event.round}", event)


def _chased_afterwards(event: happened.LaterApprovalsChased) -> Iterable[Post]:
    yield _thread("owed", f"approval:owed:{event.release_id}:{event.round}:{event.count}", event)


def _late(event: happened.LaterApprovalsLate) -> Iterable[Post]:
    yield _thread("late", f"approval:late:{event.release_id}:{event.round}", event)


def _bypassed(event: happened.ApprovalBypassed) -> Iterable[Post]:
    yield _thread("bypassed", f"approval:bypassed:{event.release_id}:{event.round}", event)


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.ApprovalGranted: (refresh_card, _approved),
    happened.ApprovalWithdrawn: (refresh_card, _withdrawn),
    happened.FindingWaived: (refresh_card,),
    happened.ReleaseRejected: (refresh_card, _rejected),
    happened.ChangesRequested: (refresh_card, outcome_of_round("changes_requested")),
    happened.ApprovalsDelegated: (_delegated,),
    happened.DelegationStopped: (_delegated,),
    happened.ApprovalChased: (_chased,),
    happened.RulesTightened: (refresh_card, _tightened),
    happened.ApprovalEscalated: (_escalated,),
    happened.ReleaseExpired: (refresh_card, _expired),
    happened.LaterApprovalGranted: (refresh_card, _granted_afterwards),
    happened.LaterApprovalsChased: (_chased_afterwards,),
    happened.LaterApprovalsLate: (refresh_card, _late),
    happened.ApprovalBypassed: (refresh_card, _bypassed),
}

"""Which messages the events of a release call for (docs/process.md#cards-and-threads)."""

from collections.abc import Iterable
from typing import Any

from models.events import Event
from models.lifecycle.events import ReleaseEvent
from models.lifecycle.message_keys import refresh_card, task_key, thread_post
from models.outbox import Post, Rule
from models.releases.activities.events import DeploymentStarted, ReleaseBackedOut, ReleaseDeployed
from models.releases.approval.events import ApprovalGranted, ChangesRequested, FindingWaived, ReleaseRejected
from models.releases.plan.events import TaskDone, TaskHandedOver, TaskReminded, TaskSnoozed
from models.releases.request.events import ReleaseCancelled, ReleaseEdited, ReleaseRequested, ReleaseResubmitted


def _outcome(kind: str) -> Rule:
    def rule(event: ReleaseEvent) -> Iterable[Post]:
        yield thread_post("release_outcome", f"outcome:{kind}:{event.release_id}", event, outcome=kind)

    return rule


def _outcome_of_round(kind: str) -> Rule:
    def rule(event: Any) -> Iterable[Post]:
        key = f"outcome:{kind}:{event.release_id}:{event.round}"
        yield thread_post("release_outcome", key, event, outcome=kind)

    return rule


def _approved(event: ApprovalGranted) -> Iterable[Post]:
    if event.complete:
        yield from _outcome_of_round("approved")(event)


def _rejected(event: ReleaseRejected) -> Iterable[Post]:
    kind = "rejected" if event.stopped else "objected"
    key = f"outcome:{kind}:{event.release_id}:{event.round}:{event.person}"
    yield thread_post("release_outcome", key, event, outcome=kind)


def _voided(event: ReleaseEdited) -> Iterable[Post]:
    if event.voided:
        yield from _outcome_of_round("voided")(event)


def _reminder(event: TaskReminded) -> Iterable[Post]:
    yield thread_post("task_reminder", task_key(event.subject, event.count), event)


def _settled(event: TaskDone | TaskSnoozed | TaskHandedOver) -> Iterable[Post]:
    """The newest reminder says what became of the task; earlier ones have lost their buttons already."""
    if event.chased:
        yield thread_post("task_reminder", task_key(event.subject, event.chased), event)


RULES: dict[type[Event], tuple[Rule, ...]] = {
    ReleaseRequested: (refresh_card,),
    ReleaseEdited: (refresh_card, _voided),
    ReleaseResubmitted: (refresh_card,),
    ApprovalGranted: (refresh_card, _approved),
    FindingWaived: (refresh_card,),
    ReleaseRejected: (refresh_card, _rejected),
    ChangesRequested: (refresh_card, _outcome_of_round("changes_requested")),
    ReleaseCancelled: (refresh_card, _outcome("cancelled")),
    DeploymentStarted: (refresh_card,),
    ReleaseDeployed: (refresh_card, _outcome("deployed")),
    ReleaseBackedOut: (refresh_card, _outcome("backed_out")),
    TaskReminded: (_reminder,),
    TaskDone: (_settled, refresh_card),
    TaskSnoozed: (_settled, refresh_card),
    TaskHandedOver: (_settled, refresh_card),
}

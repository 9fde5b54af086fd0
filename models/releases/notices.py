"""Which messages the events of a release call for.

The card is the parent of the release's thread and shows the present state; turning points are told in the
thread, where the requester is mentioned when there is an outcome (MESSAGES: one thread a release).
"""

from collections.abc import Iterable
from typing import Any

from models.events import Event
from models.outbox import Post, Rule
from models.releases import events as happened


def card_key(release_id: int) -> str:
    """The name of a release's card in the outbox."""
    return f"card:{release_id}"


def card_post(release_id: int, channel: str = "") -> Post:
    """The wish for a release's card; without ``channel`` it goes to its service's."""
    return Post(
        key=card_key(release_id),
        message="release_card",
        subject=str(release_id),
        release_id=release_id,
        recipient=channel,
    )


def _card(event: Event) -> Iterable[Post]:
    if event.release_id is not None:
        yield card_post(event.release_id, getattr(event, "channel", ""))


def _thread(message: str, key: str, event: Event, **more: Any) -> Post:
    return Post(
        key=key,
        message=message,
        subject=str(event.subject),
        release_id=event.release_id,
        recipient=getattr(event, "channel", ""),
        in_thread=True,
        facts={**event.facts(), "grounds": event.grounds, **more},
    )


def _outcome(kind: str) -> Rule:
    def rule(event: happened.ReleaseEvent) -> Iterable[Post]:
        yield _thread("release_outcome", f"outcome:{kind}:{event.release_id}", event, outcome=kind)

    return rule


def _outcome_of_round(kind: str) -> Rule:
    def rule(event: Any) -> Iterable[Post]:
        key = f"outcome:{kind}:{event.release_id}:{event.round}"
        yield _thread("release_outcome", key, event, outcome=kind)

    return rule


def _approved(event: happened.ApprovalGranted) -> Iterable[Post]:
    if event.complete:
        yield from _outcome_of_round("approved")(event)


def _rejected(event: happened.ReleaseRejected) -> Iterable[Post]:
    kind = "rejected" if event.stopped else "objected"
    key = f"outcome:{kind}:{event.release_id}:{event.round}:{event.person}"
    yield _thread("release_outcome", key, event, outcome=kind)


def _voided(event: happened.ReleaseEdited) -> Iterable[Post]:
    if event.voided:
        yield from _outcome_of_round("voided")(event)


def task_key(task_id: int | str, count: int) -> str:
    """The name of the ``count``-th reminder about a task."""
    return f"task:{task_id}:{count}"


def reminder_count(key: str) -> int:
    """The how-manieth reminder :func:`task_key` named."""
    return int(key.rpartition(":")[2])


def _reminder(event: happened.TaskChased) -> Iterable[Post]:
    yield _thread("task_reminder", task_key(event.subject, event.count), event)


def _settled(event: happened.TaskDone | happened.TaskSnoozed | happened.TaskHandedOver) -> Iterable[Post]:
    """The newest reminder says what became of it; earlier ones have lost their buttons to it already."""
    if event.chased:
        yield _thread("task_reminder", task_key(event.subject, event.chased), event)


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.ReleaseRequested: (_card,),
    happened.ReleaseEdited: (_card, _voided),
    happened.ReleaseResubmitted: (_card,),
    happened.ApprovalGranted: (_card, _approved),
    happened.FindingWaived: (_card,),
    happened.ReleaseRejected: (_card, _rejected),
    happened.ChangesRequested: (_card, _outcome_of_round("changes_requested")),
    happened.ReleaseCancelled: (_card, _outcome("cancelled")),
    happened.DeploymentStarted: (_card,),
    happened.ReleaseDeployed: (_card, _outcome("deployed")),
    happened.ReleaseBackedOut: (_card, _outcome("backed_out")),
    happened.TaskChased: (_reminder,),
    happened.TaskDone: (_settled, _card),
    happened.TaskSnoozed: (_settled, _card),
    happened.TaskHandedOver: (_settled, _card),
}

"""Which messages the events of a request call for (docs/process.md#cards-and-threads)."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import outcome, outcome_of_round, refresh_card, thread_post
from models.outbox import Post, Rule
from models.releases.request.events import (
    ReleaseCancelled,
    ReleaseEdited,
    ReleaseRequested,
    ReleaseResubmitted,
    ReleaseSuperseded,
    ReleaseSupersedes,
)


def _voided(event: ReleaseEdited) -> Iterable[Post]:
    if event.voided:
        yield from outcome_of_round("voided")(event)


def _supersedes(event: ReleaseSupersedes) -> Iterable[Post]:
    key = f"outcome:supersedes:{event.release_id}:{event.older_id}"
    yield thread_post("release_outcome", key, event, outcome="supersedes")


RULES: dict[type[Event], tuple[Rule, ...]] = {
    ReleaseRequested: (refresh_card,),
    ReleaseEdited: (refresh_card, _voided),
    ReleaseResubmitted: (refresh_card, outcome_of_round("resubmitted")),
    ReleaseCancelled: (refresh_card, outcome("cancelled")),
    ReleaseSuperseded: (refresh_card, outcome("superseded")),
    ReleaseSupersedes: (refresh_card, _supersedes),
}

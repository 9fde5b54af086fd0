"""Which messages the events of a request call for (docs/process.md#cards-and-threads)."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import outcome, outcome_of_round, refresh_card
from models.outbox import Post, Rule
from models.releases.request.events import ReleaseCancelled, ReleaseEdited, ReleaseRequested, ReleaseResubmitted


def _voided(event: ReleaseEdited) -> Iterable[Post]:
    if event.voided:
        yield from outcome_of_round("voided")(event)


RULES: dict[type[Event], tuple[Rule, ...]] = {
    ReleaseRequested: (refresh_card,),
    ReleaseEdited: (refresh_card, _voided),
    ReleaseResubmitted: (refresh_card,),
    ReleaseCancelled: (refresh_card, outcome("cancelled")),
}

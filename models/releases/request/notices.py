"""Which messages the events of a request call for (docs/process.md#cards-and-threads)."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import outcome, outcome_of_round, refresh_card
from models.outbox import Post, Rule
from models.releases.request.events import ReleaseCancelled, ReleaseEdited, ReleaseRequested, ReleaseResubmitted


def _voided(event: ReleaseEdited) -> Iterable[Post]:
    """Where nobody is left to be told what is new, the thread says that it has to be approved again."""
    if event.voided and not event.since:
        yield from outcome_of_round("voided")(event)


def _news(event: ReleaseEdited | ReleaseResubmitted) -> Iterable[Post]:
    """One message for each round that somebody decided on: further edits show in it, and mention nobody again."""
    if event.since:
        yield Post(
            key=f"content:{event.release_id}:{event.since}",
            message="content_news",
            subject=str(event.subject),
            release_id=event.release_id,
            recipient=event.channel,
            in_thread=True,
            facts={"since": event.since},
        )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    ReleaseRequested: (refresh_card,),
    ReleaseEdited: (refresh_card, _voided, _news),
    ReleaseResubmitted: (refresh_card, _news),
    ReleaseCancelled: (refresh_card, outcome("cancelled")),
}

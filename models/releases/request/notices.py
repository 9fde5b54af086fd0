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
    if event.voided and not _is_told_in_news(event):
        yield from outcome_of_round("voided")(event)


def _resubmitted(event: ReleaseResubmitted) -> Iterable[Post]:
    if not _is_told_in_news(event):
        yield from outcome_of_round("resubmitted")(event)


def _is_told_in_news(event: ReleaseEdited | ReleaseResubmitted) -> bool:
    """Somebody decided on the round before, so a new message with old and new asks again."""
    return event.since == event.round - 1


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
            facts={"since": event.since, "resubmitted": isinstance(event, ReleaseResubmitted)},
        )


def _supersedes(event: ReleaseSupersedes) -> Iterable[Post]:
    key = f"outcome:supersedes:{event.release_id}:{event.older_id}"
    yield thread_post("release_outcome", key, event, outcome="supersedes")


RULES: dict[type[Event], tuple[Rule, ...]] = {
    ReleaseRequested: (refresh_card,),
    ReleaseEdited: (refresh_card, _voided, _news),
    ReleaseResubmitted: (refresh_card, _resubmitted, _news),
    ReleaseCancelled: (refresh_card, outcome("cancelled")),
    ReleaseSuperseded: (refresh_card, outcome("superseded")),
    ReleaseSupersedes: (refresh_card, _supersedes),
}

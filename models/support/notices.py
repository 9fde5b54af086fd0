"""Which messages the events of known errors and incidents call for.

A known error found in a release stands in that release's thread and shows its present state there; the release's
card names it. One that belongs to no release is told to whoever recorded it, by the answer to them.
"""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import card_key
from models.outbox import Post, Rule
from models.support import events as happened


def known_error_key(known_error_id: int) -> str:
    """The name of a known error's message in the outbox."""
    return f"known_error:{known_error_id}"


def _in_thread(event: happened.KnownErrorEvent | happened.LinkEvent) -> Iterable[Post]:
    if event.release_id is not None:
        yield Post(
            key=known_error_key(event.known_error_id),
            message="known_error",
            subject=str(event.known_error_id),
            release_id=event.release_id,
            in_thread=True,
        )


def _card(event: Event) -> Iterable[Post]:
    if event.release_id is not None:
        yield Post(
            key=card_key(event.release_id),
            message="release_card",
            subject=str(event.release_id),
            release_id=event.release_id,
        )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.KnownErrorRecorded: (_card, _in_thread),
    happened.KnownErrorWentLive: (_in_thread,),
    happened.WorkaroundChanged: (_card, _in_thread),
    happened.KnownErrorResolved: (_card, _in_thread),
    happened.KnownErrorReopened: (_card, _in_thread),
    happened.IncidentLinked: (_in_thread,),
    happened.IncidentUnlinked: (_in_thread,),
}

"""Which messages the events of known errors and incidents call for.

A known error found in a release has a message in that release's thread, which is updated, and is named on the
release's card. If it belongs to no release, only the person who records it hears of it, in the answer to the form.
"""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import refresh_card
from models.outbox import Post, Rule
from models.support import events


def known_error_key(known_error_id: int) -> str:
    return f"known_error:{known_error_id}"


def _in_thread(event: events.KnownErrorEvent | events.LinkEvent) -> Iterable[Post]:
    if event.release_id is not None:
        yield Post(
            key=known_error_key(event.known_error_id),
            message="known_error",
            subject=str(event.known_error_id),
            release_id=event.release_id,
            in_thread=True,
        )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    events.KnownErrorRecorded: (refresh_card, _in_thread),
    events.KnownErrorWentLive: (_in_thread,),
    events.WorkaroundChanged: (refresh_card, _in_thread),
    events.KnownErrorResolved: (refresh_card, _in_thread),
    events.KnownErrorReopened: (refresh_card, _in_thread),
    events.IncidentLinked: (_in_thread,),
    events.IncidentUnlinked: (_in_thread,),
}

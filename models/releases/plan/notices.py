"""Which messages the changes of a plan call for: the card counts tasks, and reminders follow their task."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import card_post, task_key
from models.outbox import Post, Rule
from models.releases.plan import events as happened


def _card(event: Event) -> Iterable[Post]:
    if event.release_id is not None:
        yield card_post(event.release_id)


def _removed(event: happened.TaskRemoved) -> Iterable[Post]:
    """The newest reminder says that nothing is asked any more; earlier ones have lost their buttons to it."""
    if event.chased:
        yield Post(
            key=task_key(event.subject, event.chased),
            message="task_reminder",
            subject=str(event.subject),
            release_id=event.release_id,
            in_thread=True,
            facts=event.facts(),
        )


def _notes(event: happened.ReleaseNotesPosted) -> Iterable[Post]:
    """One message a release: a later version takes the place of the earlier one."""
    yield Post(
        key=f"notes:{event.release_id}",
        message="release_notes",
        subject=str(event.subject),
        release_id=event.release_id,
        in_thread=True,
        facts={"version": event.version},
    )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.TaskAdded: (_card,),
    happened.TaskChanged: (_card,),
    happened.TaskRemoved: (_removed, _card),
    happened.TaskReopened: (_card,),
    happened.ReleaseNotesPosted: (_notes,),
}

"""Which messages the changes of a plan call for."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import refresh_card, task_key
from models.outbox import Post, Rule
from models.releases.plan import events as happened


def _removed(event: happened.TaskRemoved) -> Iterable[Post]:
    """The newest reminder says that the task is gone; earlier ones have lost their buttons already."""
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
    """One message a release: a later version replaces the earlier one."""
    yield Post(
        key=f"notes:{event.release_id}",
        message="release_notes",
        subject=str(event.subject),
        release_id=event.release_id,
        in_thread=True,
        facts={"version": event.version},
    )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.TaskAdded: (refresh_card,),
    happened.TaskChanged: (refresh_card,),
    happened.TaskRemoved: (_removed, refresh_card),
    happened.TaskReopened: (refresh_card,),
    happened.ReleaseNotesPosted: (_notes,),
}

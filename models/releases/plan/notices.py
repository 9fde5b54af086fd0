"""Which messages the changes of a plan and its reminders call for."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import refresh_card, task_key, thread_post
from models.outbox import Post, Rule
from models.releases.plan import events as happened


def _reminder(event: happened.TaskReminded) -> Iterable[Post]:
    yield thread_post("task_reminder", task_key(event.subject, event.count), event)


def _newest_reminder(
    event: happened.TaskDone | happened.TaskSnoozed | happened.TaskHandedOver | happened.TaskRemoved,
) -> Iterable[Post]:
    """It says what became of the task; earlier ones have lost their buttons already."""
    if event.chased:
        yield thread_post("task_reminder", task_key(event.subject, event.chased), event)


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
    happened.TaskReminded: (_reminder,),
    happened.TaskDone: (_newest_reminder, refresh_card),
    happened.TaskSnoozed: (_newest_reminder, refresh_card),
    happened.TaskHandedOver: (_newest_reminder, refresh_card),
    happened.TaskRemoved: (_newest_reminder, refresh_card),
    happened.TaskReopened: (refresh_card,),
    happened.ReleaseNotesPosted: (_notes,),
}

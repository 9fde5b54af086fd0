"""Which messages clearance calls for: in the release's thread the first stop, letting go, and a desk passed by."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import refresh_card, thread_post
from models.outbox import Post, Rule
from models.pipelines import events as happened


def _withheld(event: happened.ClearanceWithheld) -> Iterable[Post]:
    if event.first:
        key = f"pipeline:withheld:{event.release_id}:{event.round}"
        yield thread_post("pipeline_notice", key, event, notice="withheld")


def _given(event: happened.ClearanceGiven) -> Iterable[Post]:
    if event.told_before:
        key = f"pipeline:given:{event.release_id}:{event.round}"
        yield thread_post("pipeline_notice", key, event, notice="given")


def _passed_by(event: happened.DeskPassedBy) -> Iterable[Post]:
    yield thread_post("pipeline_notice", f"pipeline:away:{event.clearance}", event, notice="away")


def _passed_by_without_release(event: happened.DeskPassedByWithoutRelease) -> Iterable[Post]:
    yield Post(
        key=f"pipeline:away:{event.clearance}",
        message="pipeline_notice",
        subject=str(event.subject),
        recipient=event.channel,
        facts={**event.facts(), "notice": "away"},
    )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.ClearanceWithheld: (_withheld,),
    happened.ClearanceGiven: (_given,),
    happened.DeskPassedBy: (refresh_card, _passed_by),
    happened.DeskPassedByWithoutRelease: (_passed_by_without_release,),
}

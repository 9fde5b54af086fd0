"""Which messages the events of a release's activities call for: the card, and turning points in its thread."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import outcome, refresh_card, thread_post
from models.outbox import Post, Rule
from models.releases.activities import events as happened


def _turning_point(kind: str) -> Rule:
    def rule(event: happened.TurningPointEvent) -> Iterable[Post]:
        yield thread_post("release_turn", f"turn:{event.release_id}:{event.turn}", event, turning=kind)

    return rule


def confirmation_key(release_id: int, criterion_id: int) -> str:
    """The key of the message that asks to confirm the criterion, and what has begun to wait after it."""
    return f"criteria:confirm:{release_id}:{criterion_id}"


def _to_confirm(event: happened.CriterionSettled) -> Iterable[Post]:
    if event.batch:
        yield thread_post("criteria_to_confirm", confirmation_key(int(event.subject), event.batch), event)


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.BuildStarted: (refresh_card,),
    happened.BuildRecorded: (refresh_card,),
    happened.TestingStarted: (refresh_card,),
    happened.ComponentTested: (refresh_card,),
    happened.TestsAccepted: (refresh_card, _turning_point("tests_accepted")),
    happened.GoGiven: (refresh_card, _turning_point("go")),
    happened.NoGoGiven: (refresh_card, _turning_point("no_go")),
    happened.DeploymentStarted: (refresh_card,),
    happened.ReleaseDeployed: (refresh_card, outcome("deployed")),
    happened.ReleaseBackedOut: (refresh_card, outcome("backed_out")),
    happened.ReleaseVerified: (refresh_card,),
    happened.EarlyLifeSupportStarted: (refresh_card,),
    happened.HandoverOffered: (refresh_card, _turning_point("offered")),
    happened.HandoverAccepted: (refresh_card, _turning_point("handed_over")),
    happened.HandoverSentBack: (refresh_card, _turning_point("sent_back")),
    happened.ReleaseReviewed: (refresh_card,),
    happened.ReleaseRetired: (refresh_card,),
    happened.CriterionSettled: (refresh_card, _to_confirm),
    happened.CriterionConfirmed: (refresh_card,),
}

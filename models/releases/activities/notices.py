"""Which messages the events of a release's activities call for: the card, and turning points in its thread."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import card_post
from models.outbox import Post, Rule
from models.releases.activities import events as happened


def _card(event: Event) -> Iterable[Post]:
    if event.release_id is not None:
        yield card_post(event.release_id)


def _turn(kind: str) -> Rule:
    def rule(event: happened.TurningPointEvent) -> Iterable[Post]:
        yield Post(
            key=f"turn:{event.release_id}:{event.turn}",
            message="release_turn",
            subject=str(event.subject),
            release_id=event.release_id,
            recipient="",
            in_thread=True,
            facts={**event.facts(), "grounds": event.grounds, "turning": kind},
        )

    return rule


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.BuildStarted: (_card,),
    happened.BuildRecorded: (_card,),
    happened.TestingStarted: (_card,),
    happened.ComponentTested: (_card,),
    happened.TestsAccepted: (_card, _turn("tests_accepted")),
    happened.GoGiven: (_card, _turn("go")),
    happened.NoGoGiven: (_card, _turn("no_go")),
    happened.ReleaseVerified: (_card,),
    happened.EarlyLifeSupportStarted: (_card,),
    happened.HandoverOffered: (_card, _turn("offered")),
    happened.HandoverAccepted: (_card, _turn("handed_over")),
    happened.HandoverSentBack: (_card, _turn("sent_back")),
    happened.ReleaseReviewed: (_card,),
    happened.ReleaseRetired: (_card,),
    happened.CriterionSettled: (_card,),
}

"""Which messages overrides and windows call for: the card, and the release's thread."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import refresh_card, thread_post
from models.outbox import Post, Rule
from models.releases.clearance import events as happened


def _overridden(kind: str) -> Rule:
    def rule(event: happened.ObstaclesOverridden) -> Iterable[Post]:
        yield thread_post("clearance_notice", f"override:{event.override}", event, notice=kind)

    return rule


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.ObstaclesOverridden: (refresh_card, _overridden("overridden")),
    happened.GuardBroken: (refresh_card, _overridden("glass")),
}

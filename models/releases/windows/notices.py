"""Which messages windows call for: the card, the release's thread, and once a list in the channel."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import refresh_card, thread_post, window_key
from models.outbox import Post, Rule
from models.releases.windows import events as happened


def _ahead(event: happened.WindowAhead) -> Iterable[Post]:
    yield thread_post("window_notice", f"window:ahead:{event.release_id}:{event.starts}", event, notice="ahead")


def _counted(kind: str) -> Rule:
    def rule(event: happened.WindowMissed | happened.WindowOverrun | happened.DeploymentExtended) -> Iterable[Post]:
        yield thread_post("window_notice", window_key(event.release_id, event.count), event, notice=kind)

    return rule


def _past(event: happened.PastWindowsListed) -> Iterable[Post]:
    yield Post(
        key=f"window:past:{event.channel}",
        message="past_windows",
        subject=event.channel,
        recipient=event.channel,
        facts=event.facts(),
    )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.WindowAhead: (_ahead,),
    happened.WindowMissed: (refresh_card, _counted("missed")),
    happened.WindowOverrun: (refresh_card, _counted("overrun")),
    happened.DeploymentExtended: (refresh_card, _counted("extended")),
    happened.PastWindowsListed: (_past,),
}

"""Who is told of a typed freeze: the service's channel, and the threads of open releases that it touches."""

from collections.abc import Iterable

from models.events import Event
from models.freezes.events import FreezeChanged, FreezeEvent, FreezeLifted, ServiceFrozen
from models.lifecycle.message_keys import card_post
from models.outbox import Post, Rule


def _tell(event: FreezeEvent) -> Iterable[Post]:
    facts = {**event.facts(), "grounds": event.grounds, "channels": [], "releases": []}
    key = f"freeze:{event.subject}:{event.version}"
    for channel in event.channels:
        yield Post(
            key=f"{key}:{channel}",
            message="freeze_news",
            subject=str(event.subject),
            recipient=channel,
            facts=facts,
        )
    for release_id, what in event.releases:
        yield card_post(release_id)
        yield Post(
            key=f"{key}:release:{release_id}",
            message="freeze_notice",
            subject=str(release_id),
            release_id=release_id,
            in_thread=True,
            facts={**facts, "what": what},
        )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    ServiceFrozen: (_tell,),
    FreezeChanged: (_tell,),
    FreezeLifted: (_tell,),
}

"""Which messages the events of a package call for: the card shows what changed since the last release."""

from collections.abc import Iterable

from models.events import Event
from models.lifecycle.message_keys import card_post
from models.outbox import Post, Rule
from models.packages import events as happened


def _card(event: happened.PackageEvent) -> Iterable[Post]:
    if event.release_id is not None:
        yield card_post(event.release_id, event.channel)


RULES: dict[type[Event], tuple[Rule, ...]] = {
    happened.PackageNodeAdded: (_card,),
    happened.PackageNodeChanged: (_card,),
    happened.PackageNodeRemoved: (_card,),
    happened.PackageCopied: (_card,),
}

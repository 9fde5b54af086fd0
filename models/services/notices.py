from collections.abc import Iterable

from models.catalog.events import CatalogApplied
from models.events import Event
from models.lifecycle.message_keys import card_post
from models.outbox import Post, Rule


def _cards(event: CatalogApplied) -> Iterable[Post]:
    """Cards show the people who decide, the service's name and its time zone."""
    return map(card_post, event.releases)


RULES: dict[type[Event], tuple[Rule, ...]] = {CatalogApplied: (_cards,)}

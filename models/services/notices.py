"""Which messages an applied catalog calls for."""

from collections.abc import Iterable

from models.catalog.events import CatalogApplied
from models.events import Event
from models.lifecycle.message_keys import card_post
from models.outbox import Post, Rule


def _cards(event: CatalogApplied) -> Iterable[Post]:
    """Cards say who has to decide, in which time zone and by what name the service goes: those may have changed."""
    return map(card_post, event.releases)


RULES: dict[type[Event], tuple[Rule, ...]] = {CatalogApplied: (_cards,)}

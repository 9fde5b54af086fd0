from collections.abc import Iterable

from models.catalog.events import CatalogApplied, RulesLoosened
from models.events import Event
from models.lifecycle.message_keys import card_post
from models.outbox import Post, Rule


def _cards(event: CatalogApplied) -> Iterable[Post]:
    """Cards show the people who decide, the service's name and its time zone."""
    return map(card_post, event.releases)


def _loosened(event: RulesLoosened) -> Iterable[Post]:
    """Owners and process owners are told directly, each of their own services."""
    for person, keys in event.told.items():
        yield Post(
            key=f"rules:loosened:{event.subject}:{person}",
            message="rules_loosened",
            subject=str(event.subject),
            recipient=person,
            facts={"by": event.by, "services": [one for one in event.services if one["key"] in keys]},
        )


RULES: dict[type[Event], tuple[Rule, ...]] = {CatalogApplied: (_cards,), RulesLoosened: (_loosened,)}

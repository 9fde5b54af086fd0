"""Which messages the events of known errors and incidents call for."""

from models.events import Event
from models.outbox import Rule

RULES: dict[type[Event], tuple[Rule, ...]] = {}

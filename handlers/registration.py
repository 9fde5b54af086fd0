"""Everything people can do, gathered from the topics."""

from handlers import (
    approvals,
    break_glass,
    delegations,
    deploying,
    deployments,
    directory_events,
    figures,
    home,
    incidents,
    known_errors,
    release_forms,
    releases,
    tasks,
)
from handlers.registry import Registry

TOPICS = (
    releases,
    release_forms,
    approvals,
    delegations,
    break_glass,
    deploying,
    deployments,
    figures,
    tasks,
    known_errors,
    incidents,
    home,
    directory_events,
)


def build_registry() -> Registry:
    """The registry with every topic in it, in the order that help shows."""
    registry = Registry()
    for topic in TOPICS:
        topic.register(registry)
    return registry

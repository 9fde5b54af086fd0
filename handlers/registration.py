"""Everything people can do, gathered from the topics."""

from handlers import (
    approvals,
    day_checklist,
    deploying,
    deployments,
    directory_events,
    figures,
    home,
    incidents,
    known_errors,
    plan,
    release_forms,
    release_notes,
    releases,
    tasks,
)
from handlers.registry import Registry

TOPICS = (
    releases,
    release_forms,
    approvals,
    deploying,
    deployments,
    figures,
    plan,
    tasks,
    release_notes,
    day_checklist,
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

"""Everything people can do, gathered from the topics."""

from handlers import (
    approvals,
    building,
    criteria,
    deploying,
    deployments,
    directory_events,
    figures,
    go_no_go,
    handover,
    home,
    incidents,
    known_errors,
    release_forms,
    releases,
    tasks,
    testing,
)
from handlers.registry import Registry

TOPICS = (
    releases,
    release_forms,
    approvals,
    criteria,
    building,
    testing,
    go_no_go,
    deploying,
    handover,
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

"""Everything people can do, gathered from the topics."""

from handlers import (
    approvals,
    calendar,
    delegations,
    deploying,
    deployment_reports,
    deployments,
    directory_events,
    environments,
    figures,
    home,
    incidents,
    known_errors,
    packages,
    policy,
    release_forms,
    releases,
    services,
    tasks,
)
from handlers.registry import Registry

TOPICS = (
    releases,
    release_forms,
    approvals,
    policy,
    delegations,
    deploying,
    deployments,
    deployment_reports,
    figures,
    services,
    calendar,
    tasks,
    known_errors,
    packages,
    incidents,
    environments,
    home,
    directory_events,
)


def build_registry() -> Registry:
    """The registry with every topic in it, in the order that help shows."""
    registry = Registry()
    for topic in TOPICS:
        topic.register(registry)
    return registry

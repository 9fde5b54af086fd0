"""Everything people can do, gathered from the topics."""

from handlers import (
    approvals,
    arbitration,
    break_glass,
    building,
    calendar,
    criteria,
    day_checklist,
    delegations,
    deploying,
    deployment_reports,
    deployments,
    directory_events,
    environment_contents,
    environments,
    figures,
    go_no_go,
    handover,
    home,
    incidents,
    known_errors,
    packages,
    plan,
    policy,
    release_forms,
    release_notes,
    releases,
    services,
    tasks,
    testing,
)
from handlers.registry import Registry

TOPICS = (
    releases,
    release_forms,
    approvals,
    policy,
    delegations,
    break_glass,
    criteria,
    building,
    testing,
    go_no_go,
    deploying,
    handover,
    deployments,
    deployment_reports,
    figures,
    services,
    calendar,
    plan,
    tasks,
    release_notes,
    day_checklist,
    known_errors,
    packages,
    incidents,
    environments,
    arbitration,
    environment_contents,
    home,
    directory_events,
)


def build_registry() -> Registry:
    """The registry with every topic in it, in the order that help shows."""
    registry = Registry()
    for topic in TOPICS:
        topic.register(registry)
    return registry

"""Everything people can do, gathered from the topics."""

from importlib import import_module

from handlers.dispatch.registry import REGISTRY, Registry

TOPICS = (
    "releases.card.show",
    "releases.card.more_menu",
    "releases.request.request",
    "releases.request.edit",
    "releases.request.preview",
    "releases.approval.decide",
    "releases.approval.waivers",
    "releases.approval.delegations",
    "releases.approval.break_glass",
    "releases.approval.later_approvals",
    "releases.activities.criteria",
    "releases.activities.build",
    "releases.activities.test",
    "releases.activities.go_no_go",
    "releases.activities.deploy",
    "releases.clearance.override",
    "releases.windows.moving",
    "releases.request.cancel",
    "releases.request.supersede",
    "releases.activities.handover",
    "releases.activities.unrecorded",
    "deployments",
    "kpi",
    "services",
    "freezes",
    "calendar",
    "releases.plan.plan",
    "releases.plan.edit_tasks",
    "releases.plan.settle_task",
    "releases.plan.release_notes",
    "releases.plan.checklist",
    "support.known_errors",
    "support.record",
    "support.resolve",
    "releases.package.show",
    "releases.package.edit",
    "support.incidents",
    "environments.bookings",
    "environments.show",
    "environments.arbitration",
    "environments.offers",
    "environments.contents",
    "home",
    "people",
)
"""The modules with handlers. Help shows their verbs in this order."""


def build_registry() -> Registry:
    """The registry with every topic in it, in the order that help shows."""
    modules = [f"handlers.{topic}" for topic in TOPICS]
    for module in modules:
        import_module(module)
    REGISTRY.sort_verbs(modules)
    return REGISTRY

"""Everything people can do, gathered from the topics."""

from handlers import calendar, home, services
from handlers import deployments as deployment_reports
from handlers import kpi as figures
from handlers import people as directory_events
from handlers.dispatch.registry import REGISTRY, Registry
from handlers.environments import arbitration
from handlers.environments import bookings as environments
from handlers.environments import contents as environment_contents
from handlers.releases.activities import build as building
from handlers.releases.activities import criteria, go_no_go, handover
from handlers.releases.activities import deploy as deploying
from handlers.releases.activities import test as testing
from handlers.releases.activities import unrecorded as deployments
from handlers.releases.approval import break_glass, delegations
from handlers.releases.approval import decide as approvals
from handlers.releases.approval import waivers as policy
from handlers.releases.card import show as releases
from handlers.releases.package import edit as packages
from handlers.releases.plan import checklist as day_checklist
from handlers.releases.plan import plan, release_notes
from handlers.releases.plan import settle_task as tasks
from handlers.releases.request import request as release_forms
from handlers.support import incidents, known_errors

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
    REGISTRY.sort_verbs([topic.__name__ for topic in TOPICS])
    return REGISTRY

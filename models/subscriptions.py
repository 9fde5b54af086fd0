"""The messages that each event calls for, in one table made of the topics' parts.

Use cases don't post, and delivery doesn't decide.
"""

from models.deployments.notices import RULES as DEPLOYMENTS
from models.environments.notices import RULES as ENVIRONMENTS
from models.events import Event
from models.freezes.notices import RULES as FREEZES
from models.kpi.notices import RULES as FIGURES
from models.outbox import Post, Rule
from models.packages.notices import RULES as PACKAGES
from models.pipelines.notices import RULES as PIPELINES
from models.releases.activities.notices import RULES as ACTIVITIES
from models.releases.approval.notices import RULES as APPROVALS
from models.releases.clearance.notices import RULES as CLEARANCE
from models.releases.plan.notices import RULES as PLANS
from models.releases.request.notices import RULES as REQUESTS
from models.releases.windows.notices import RULES as WINDOWS
from models.services.notices import RULES as CATALOG
from models.support.notices import RULES as SUPPORT

SUBSCRIPTIONS: dict[type[Event], tuple[Rule, ...]] = {
    **CATALOG,
    **REQUESTS,
    **ACTIVITIES,
    **APPROVALS,
    **CLEARANCE,
    **WINDOWS,
    **PACKAGES,
    **PLANS,
    **SUPPORT,
    **ENVIRONMENTS,
    **FREEZES,
    **FIGURES,
    **DEPLOYMENTS,
    **PIPELINES,
}


def posts_for(event: Event) -> list[Post]:
    return [post for rule in SUBSCRIPTIONS.get(type(event), ()) for post in rule(event)]

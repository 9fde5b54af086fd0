"""Every table there is, in one place: importing this module completes ``SQLModel.metadata``."""

from sqlmodel import SQLModel

from models import audit, delivery, outbox, workspace_features
from models.calendar import tables as calendar
from models.catalog import store
from models.deployments import tables as deployments
from models.environments import tables as environments
from models.kpi import tables as kpi
from models.packages import tables as packages
from models.people import directory
from models.releases import activity_tables as activities
from models.releases import approval_tables as approvals
from models.releases import plan_tables as release_plan
from models.releases import tables as releases
from models.support import tables as support

METADATA = SQLModel.metadata
"""The schema that the migrations lead to."""

__all__ = [
    "METADATA",
    "activities",
    "approvals",
    "audit",
    "calendar",
    "delivery",
    "deployments",
    "directory",
    "environments",
    "kpi",
    "outbox",
    "packages",
    "release_plan",
    "releases",
    "store",
    "support",
    "workspace_features",
]

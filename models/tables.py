"""Every table there is, in one place: importing this module completes ``SQLModel.metadata``."""

from sqlmodel import SQLModel

from models import audit, outbox, workspace_features
from models import deduplication as delivery
from models.calendar import tables as calendar
from models.catalog import revisions as store
from models.deployments import tables as deployments
from models.environments import tables as environments
from models.kpi import tables as kpi
from models.lifecycle.tables import activities, approvals, findings
from models.lifecycle.tables import plan as release_plan
from models.lifecycle.tables import release as releases
from models.packages import tables as packages
from models.people import directory
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
    "findings",
    "kpi",
    "outbox",
    "packages",
    "release_plan",
    "releases",
    "store",
    "support",
    "workspace_features",
]

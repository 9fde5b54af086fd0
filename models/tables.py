"""Every table there is, in one place: importing this module completes ``SQLModel.metadata``."""

from sqlmodel import SQLModel

from models import audit, delivery, outbox, workspace_features
from models.catalog import store
from models.kpi import tables as kpi
from models.people import directory
from models.releases import activity_tables as activities
from models.releases import tables as releases
from models.support import tables as support

METADATA = SQLModel.metadata
"""The schema that the migrations lead to."""

__all__ = [
    "METADATA",
    "activities",
    "audit",
    "delivery",
    "directory",
    "kpi",
    "outbox",
    "releases",
    "store",
    "support",
    "workspace_features",
]

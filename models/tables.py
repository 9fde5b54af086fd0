"""Every table: importing this module completes ``SQLModel.metadata``."""

from sqlmodel import SQLModel

import models.audit
import models.calendar.tables
import models.catalog.revisions
import models.deduplication
import models.deployments.tables
import models.environments.tables
import models.freezes.tables
import models.kpi.tables
import models.lifecycle.tables.activities
import models.lifecycle.tables.approvals
import models.lifecycle.tables.clearance
import models.lifecycle.tables.findings
import models.lifecycle.tables.pipelines
import models.lifecycle.tables.plan
import models.lifecycle.tables.release
import models.membership.tables
import models.outbox
import models.packages.tables
import models.support.tables
import models.workspace_features  # noqa: F401

METADATA = SQLModel.metadata
"""The schema that the migrations lead to."""

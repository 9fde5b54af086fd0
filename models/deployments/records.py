"""What people see of reported deployments: read-only, with names instead of ids."""

from dataclasses import dataclass
from datetime import datetime

from models.deployments.report import ReportedOutcome
from models.lifecycle.release_choices import ReleaseChoice


@dataclass(frozen=True, slots=True)
class ReleaseChoices:
    """The newest releases of the service; ``more`` if there are others."""

    report_id: int
    service: str
    releases: tuple[ReleaseChoice, ...]
    more: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRecord:
    """A reported deployment as its message shows it.

    ``service`` is a name, ``release`` an identifier, ``deploying`` whether that release is still being deployed.
    ``settled_by`` is the person who attributed the deployment or confirmed that nobody recorded it.
    """

    id: int
    provider: str
    source: str
    service: str
    environment: str
    version: str
    title: str
    url: str
    outcome: ReportedOutcome
    at: datetime
    doubt: str
    release: str
    deploying: bool
    settled_by: str
    adopted: bool

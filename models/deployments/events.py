from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class ReportEvent(Event):
    """``channel`` is where the service is asked for the release; empty if it is not asked."""

    kind: ClassVar[str] = "deployment_report"

    service: str
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class DeploymentReported(ReportEvent):
    tag: ClassVar[str] = "deployment:reported"

    provider: str
    source: str
    version: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ReportSettled(ReportEvent):
    """A person attributed the deployment to a release, or to none if ``release_id`` is empty."""

    tag: ClassVar[str] = "deployment:settled"

    person: str
    adopted: bool

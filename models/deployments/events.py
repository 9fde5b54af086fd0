"""What can happen to a reported deployment."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class ReportEvent(Event):
    """Something that happened to a report; ``channel`` is where its service is asked, empty where nobody is."""

    kind: ClassVar[str] = "deployment_report"

    service: str
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class DeploymentReported(ReportEvent):
    """A pipeline said what became of a deployment to production."""

    tag: ClassVar[str] = "deployment:reported"

    provider: str
    source: str
    version: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ReportSettled(ReportEvent):
    """Somebody said whose the deployment is: a release's, or nobody's where ``release_id`` is empty."""

    tag: ClassVar[str] = "deployment:settled"

    person: str
    adopted: bool

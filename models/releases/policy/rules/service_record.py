"""How the deployments of a service have gone: docs/risk.md#the-services-record."""

from dataclasses import dataclass
from datetime import timedelta

RECORD_PERIOD = timedelta(days=180)
"""Long enough for a service that is deployed every month, short enough for what has improved to count."""

LEAST_DEPLOYMENTS = 3
"""Fewer of them say nothing, so the record is neutral."""

SUCCESSFUL, WITH_ISSUES, FAILED, DISASTROUS = 3, -2, -5, -10
"""Points of a deployment, after the scores of ServiceNow: successful, with issues, unsuccessful, caused a P1."""

MEDIUM_BELOW, HIGH_BELOW = 2, 0
"""Mean points. With back-outs alone: more than 1 of 8, and more than 3 of 8, have failed."""


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """The deployments of the service's releases that ended in the period, each by the worst that came of it.

    ``backed_out``; the others that caused an incident of priority 1 (``critical``) or 2 (``major``), or only a
    lesser one (``minor``); and all the others (``successful``).
    """

    successful: int = 0
    backed_out: int = 0
    critical: int = 0
    major: int = 0
    minor: int = 0

    @property
    def deployments(self) -> int:
        return self.successful + self.backed_out + self.critical + self.major + self.minor

    @property
    def mean_points(self) -> float | None:
        """None where there are too few to say."""
        if self.deployments < LEAST_DEPLOYMENTS:
            return None
        points = (
            SUCCESSFUL * self.successful
            + WITH_ISSUES * self.minor
            + FAILED * (self.backed_out + self.major)
            + DISASTROUS * self.critical
        )
        return points / self.deployments


NO_RECORD = ServiceRecord()

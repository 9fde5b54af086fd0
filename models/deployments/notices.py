"""The message about a reported deployment: in its release's thread, or else in its service's channel."""

from collections.abc import Iterable

from models.deployments.events import DeploymentReported, ReportEvent, ReportSettled
from models.events import Event
from models.outbox import Post, Rule


def _report(event: ReportEvent) -> Iterable[Post]:
    if event.release_id is None and not event.channel:
        return
    yield Post(
        key=f"deployment_report:{event.subject}",
        message="deployment_report",
        subject=str(event.subject),
        release_id=event.release_id,
        recipient=event.channel,
        in_thread=event.release_id is not None,
    )


RULES: dict[type[Event], tuple[Rule, ...]] = {
    DeploymentReported: (_report,),
    ReportSettled: (_report,),
}

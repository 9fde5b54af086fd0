"""Reporting deployments that nobody recorded."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, moment, new_nonce, written
from handlers.dispatch.registry import Registry
from messages.releases.activities.unrecorded import RECORD, record_form, recorded
from models.limits import TEXT_LIMIT
from models.releases.activities.unrecorded import UnrecordedDeployment, report_unrecorded


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "record", "[what]", help="record a deployment that went past the process")(
        open_record
    )
    registry.view(RECORD)(submit_record)


async def open_record(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Record a deployment*; in a service's channel that service is chosen already."""
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
    service = catalog.in_channel(incoming.channel)
    what = incoming.text[:TEXT_LIMIT]
    return Open(record_form(catalog, service, what, desk.clock.now(), new_nonce()))


async def submit_record(desk: Desk, incoming: Incoming) -> Answer:
    """Record the deployment and say what it means."""
    entered = incoming.fields
    form = UnrecordedDeployment(
        service=written(entered, "service"),
        deployed_at=moment(entered, "deployed_at"),
        what=written(entered, "what"),
    )
    nonce = str(incoming.metadata["f"])
    return Tell(recorded(await report_unrecorded(desk.work, incoming.actor, form, nonce)))

"""Reporting a deployment that went past the process."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import command, view
from messages.releases.activities.unrecorded import RECORD, record_form, recorded
from models.limits import TEXT_LIMIT
from models.releases.activities.unrecorded_deployments import UnrecordedDeployment, report_unrecorded


@command("/release", "record", "[what]", help="record a deployment that went past the process")
async def open_record(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Record a deployment*; in a service's channel that service is chosen already."""
    catalog = await desk.catalog()
    service, what = catalog.in_channel(incoming.channel), incoming.text[:TEXT_LIMIT]
    return Open(record_form(catalog, service, what, desk.clock.now(), new_nonce()))


@view(RECORD)
async def submit_record(desk: Desk, incoming: Incoming) -> Answer:
    fields = incoming.fields
    form = UnrecordedDeployment(
        service=fields.text("service"),
        deployed_at=fields.moment("deployed_at"),
        what=fields.text("what"),
    )
    service = await report_unrecorded(desk.work, incoming.actor, form, incoming.nonce)
    return Tell(recorded(service))

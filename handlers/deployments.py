"""Answering whose a reported deployment is."""

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from messages.deployments import BELONGS, BELONGS_FORM, NOBODYS, belongs_form, belongs_now
from models.deployments.attribution import belongs_to, nobodys, offer_releases


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(BELONGS)(ask_for_release)
    registry.view(BELONGS_FORM)(submit_release)
    registry.action(NOBODYS)(confirm_nobodys)


async def ask_for_release(desk: Desk, incoming: Incoming) -> Answer:
    """Ask which release it is one of."""
    report_id = int(incoming.value["d"])
    return Open(belongs_form(await offer_releases(desk.work, incoming.actor, report_id)))


async def submit_release(desk: Desk, incoming: Incoming) -> Answer:
    """Tie it to the release; the message in the channel shows it."""
    named, report_id = written(incoming.fields, "release"), int(incoming.metadata["d"])
    tied = await belongs_to(desk.work, incoming.actor, report_id, named)
    return Tell(belongs_now(tied.identifier, adopted=tied.adopted))


async def confirm_nobodys(desk: Desk, incoming: Incoming) -> Answer:
    """Confirm that nobody recorded it; the message shows it."""
    await nobodys(desk.work, incoming.actor, int(incoming.value["d"]))
    return Nothing()

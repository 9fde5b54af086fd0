"""Freezing a service when it is needed, and lifting that: ``/release freeze``, ``/release unfreeze``."""

from zoneinfo import ZoneInfo

from handlers.dispatch.answers import Answer, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command
from messages.freezes import LIFT, frozen, unfrozen
from models.freezes.arguments import frozen_service, parse_freeze
from models.freezes.freeze import freeze_service
from models.freezes.lift import lift_freeze, unfreeze
from models.people.time_zones import person_zone


@command(
    "/release",
    "freeze",
    "SERVICE|all until WHEN REASON",
    help="let nothing be deployed until then: tomorrow 18:00, 2026-12-01 08:00, 4h",
)
async def freeze(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        zone = await person_zone(snapshot.session, incoming.person, catalog.zone())
        wanted = parse_freeze(incoming.text, catalog, incoming.channel, snapshot.now, zone)
    return Tell(frozen(await freeze_service(desk.work, incoming.actor, wanted, incoming.payload_key), zone))


@command("/release", "unfreeze", "SERVICE|all", help="lift a freeze that somebody typed")
async def lift_by_command(desk: Desk, incoming: Incoming) -> Answer:
    service = frozen_service(incoming.text, await desk.catalog(), incoming.channel)
    return Tell(unfrozen(await unfreeze(desk.work, incoming.actor, service), await _zone(desk, incoming)))


@action(LIFT)
async def lift_chosen(desk: Desk, incoming: Incoming) -> Answer:
    done = await lift_freeze(desk.work, incoming.actor, int(incoming.value["z"]))
    return Replace(unfrozen(done, await _zone(desk, incoming)))


async def _zone(desk: Desk, incoming: Incoming) -> ZoneInfo:
    async with desk.work.reading() as snapshot:
        return await person_zone(snapshot.session, incoming.person, (await snapshot.catalog()).zone())

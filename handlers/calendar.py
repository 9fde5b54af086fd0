"""The forward schedule of change: a page of it, turning the pages, and as a calendar to subscribe to."""

from datetime import date

from handlers.dispatch.answers import Answer, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import Registry
from messages.calendar.addresses import address_made, addresses_stopped
from messages.calendar.schedule import EARLIER, LATER, forward_schedule
from models.calendar.addresses import HERE, make_address, stop_addresses
from models.calendar.arguments import ScheduleArguments, parse_arguments
from models.calendar.schedule import schedule_page
from models.workspace_features import native_charts

STOP = "stop"


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb(
        "/release", "schedule", "[service] [from] [to]", help="show what is planned: today, +14d, 2026-12-01"
    )(show_schedule)
    registry.verb(
        "/release", "calendar", "[here] [service] [stop]", help="get an address for your calendar program"
    )(calendar)
    registry.action(EARLIER)(turn_page)
    registry.action(LATER)(turn_page)


async def show_schedule(desk: Desk, incoming: Incoming) -> Answer:
    """The first page of what is asked for."""
    now = desk.clock.now()
    async with desk.work.database.reporting() as session:
        catalog = await desk.catalogs.current(session)
        page = await schedule_page(session, catalog, parse_arguments(incoming.text, catalog, now))
        native = await native_charts(session, now)
    in_text = forward_schedule(page, native=False)
    return Tell(forward_schedule(page, native=True), fallback=in_text) if native else Tell(in_text)


async def turn_page(desk: Desk, incoming: Incoming) -> Answer:
    """Another page in place of the one whose button was clicked."""
    place = incoming.value
    async with desk.work.database.reporting() as session:
        catalog = await desk.catalogs.current(session)
        zone = catalog.zone(catalog.by_key.get(place["s"]))
        asked = ScheduleArguments(place["s"], date.fromisoformat(place["f"]), date.fromisoformat(place["t"]), zone)
        page = await schedule_page(session, catalog, asked, place["o"])
        native = await native_charts(session, desk.clock.now())
    in_text = forward_schedule(page, native=False)
    shown = forward_schedule(page, native=True) if native else in_text
    return Replace(shown, fallback=in_text if native else None)


async def calendar(desk: Desk, incoming: Incoming) -> Answer:
    """A new secret address for the person or the channel, or the end of the ones there are."""
    words = incoming.text.casefold().split()
    if STOP in words:
        owner = incoming.channel if HERE in words else incoming.person
        return Tell(addresses_stopped(await stop_addresses(desk.work, desk.catalogs, incoming.actor, owner)))
    made = await make_address(
        desk.work,
        desk.catalogs,
        incoming.actor,
        incoming.channel,
        incoming.text.strip(),
        desk.public_url,
        incoming.delivery,
    )
    return Tell(address_made(made))

"""The forward schedule of change: a page of it, turning the pages, and as a calendar to subscribe to."""

from datetime import date
from functools import partial

from handlers.dispatch.answers import Answer, Replace, Tell, with_charts
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command
from messages.calendar.addresses import address_made, addresses_stopped
from messages.calendar.schedule import EARLIER, LATER, forward_schedule
from models.calendar.addresses import HERE, make_address, stop_addresses
from models.calendar.arguments import ScheduleArguments, parse_arguments
from models.calendar.schedule import schedule_page
from models.workspace_features import native_charts

STOP = "stop"


@command("/release", "schedule", "[service] [from] [to]", help="show what is planned: today, +14d, 2026-12-01")
async def show_schedule(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reporting() as snapshot:
        catalog = await snapshot.catalog()
        wanted = parse_arguments(incoming.text, catalog, snapshot.now)
        page = await schedule_page(snapshot.session, catalog, wanted, snapshot.now)
        native = await native_charts(snapshot.session, snapshot.now)
    return Tell(*with_charts(partial(forward_schedule, page), native=native))


@action(EARLIER, LATER)
async def turn_page(desk: Desk, incoming: Incoming) -> Answer:
    place = incoming.value
    async with desk.work.reporting() as snapshot:
        catalog = await snapshot.catalog()
        zone = catalog.zone(catalog.by_key.get(place["s"]))
        wanted = ScheduleArguments(place["s"], date.fromisoformat(place["f"]), date.fromisoformat(place["t"]), zone)
        page = await schedule_page(snapshot.session, catalog, wanted, snapshot.now, place["o"])
        native = await native_charts(snapshot.session, snapshot.now)
    message, in_text = with_charts(partial(forward_schedule, page), native=native)
    return Replace(message, fallback=in_text)


@command("/release", "calendar", "[here] [service] [stop]", help="get an address for your calendar program")
async def calendar(desk: Desk, incoming: Incoming) -> Answer:
    """A new secret address for the person or the channel, or the end of the ones there are."""
    words = incoming.text.casefold().split()
    if STOP in words:
        owner = incoming.channel if HERE in words else incoming.person
        return Tell(addresses_stopped(await stop_addresses(desk.work, incoming.actor, owner)))
    channel, text, url = incoming.channel, incoming.text.strip(), desk.public_url
    made = await make_address(desk.work, incoming.actor, channel, text, url, incoming.payload_key)
    return Tell(address_made(made))

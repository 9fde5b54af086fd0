"""The forward schedule of change: a page of it, and turning the pages."""

from datetime import date

from handlers.answers import Answer, Tell
from handlers.desk import Desk
from handlers.incoming import Incoming
from handlers.registry import Registry
from messages.forward_schedule import EARLIER, LATER, forward_schedule
from models.calendar.asked import Asked, parse_asked
from models.calendar.schedule import schedule_page
from models.workspace_features import native_charts


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb(
        "/release", "schedule", "[service] [from] [to]", help="show what is planned: today, +14d, 2026-12-01"
    )(show_schedule)
    registry.action(EARLIER)(turn_page)
    registry.action(LATER)(turn_page)


async def show_schedule(desk: Desk, incoming: Incoming) -> Answer:
    """The first page of what is asked for."""
    now = desk.clock.now()
    async with desk.work.database.reporting() as session:
        catalog = await desk.catalogs.current(session)
        page = await schedule_page(session, catalog, parse_asked(incoming.text, catalog, now))
        native = await native_charts(session, now)
    in_text = forward_schedule(page, native=False)
    return Tell(forward_schedule(page, native=True), fallback=in_text) if native else Tell(in_text)


async def turn_page(desk: Desk, incoming: Incoming) -> Answer:
    """Another page in place of the one whose button was clicked."""
    place = incoming.value
    async with desk.work.database.reporting() as session:
        catalog = await desk.catalogs.current(session)
        zone = catalog.zone(catalog.by_key.get(place["s"]))
        asked = Asked(place["s"], date.fromisoformat(place["f"]), date.fromisoformat(place["t"]), zone)
        page = await schedule_page(session, catalog, asked, place["o"])
        native = await native_charts(session, desk.clock.now())
    in_text = forward_schedule(page, native=False)
    shown = forward_schedule(page, native=True) if native else in_text
    return Tell(shown, fallback=in_text if native else None, replace=True)

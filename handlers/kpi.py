"""Figures on request, where they come from, and the schedule behind a digest."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import Registry
from messages.kpi.digest import SCHEDULE, full_schedule
from messages.kpi.figures import WHY, answer, why
from models.catalog.document import Catalog
from models.kpi.arguments import Scope, parse_kpi_arguments
from models.kpi.digests import digest_scope
from models.kpi.outlook import outlook
from models.kpi.queries import figures
from models.workspace_features import native_charts


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "kpi", "[period] [service]", help="show the figures of a period")(show_figures)
    registry.action(WHY)(explain_figures)
    registry.action(SCHEDULE)(show_schedule)


async def show_figures(desk: Desk, incoming: Incoming) -> Answer:
    """The figures of a period, for the person who asked."""
    now = desk.clock.now()
    async with desk.work.database.reporting() as session:
        catalog = await desk.catalogs.current(session)
        found = await figures(session, catalog, parse_kpi_arguments(incoming.text, catalog, now))
        native = await native_charts(session, now)
    in_text = answer(found, now, native=False)
    return Tell(answer(found, now, native=True), fallback=in_text) if native else Tell(in_text)


async def explain_figures(desk: Desk, incoming: Incoming) -> Answer:
    """What the figures of an answer or a digest count, over the same period."""
    async with desk.work.database.reporting() as session:
        catalog = await desk.catalogs.current(session)
        return Open(why(await figures(session, catalog, await _scope(session, catalog, incoming))))


async def show_schedule(desk: Desk, incoming: Incoming) -> Answer:
    """All that is planned for the services of a digest, as it stands now."""
    async with desk.work.database.reporting() as session:
        catalog = await desk.catalogs.current(session)
        services = (await _scope(session, catalog, incoming)).services
        return Open(full_schedule(await outlook(session, catalog, services, desk.clock.now(), ahead=None)))


async def _scope(session: AsyncSession, catalog: Catalog, incoming: Incoming) -> Scope:
    asked = incoming.value
    at = datetime.fromisoformat(asked["a"])
    if "d" in asked:
        return await digest_scope(session, asked["d"], asked["y"], at)
    return parse_kpi_arguments(" ".join((asked["p"], *asked["s"])), catalog, at)

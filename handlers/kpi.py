"""Figures on request, where they come from, and the schedule behind a digest."""

from datetime import datetime
from functools import partial

from handlers.dispatch.answers import Answer, Open, Tell, with_charts
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command
from messages.kpi.digest import SCHEDULE, full_schedule
from messages.kpi.figures import WHY, answer, why
from models.kpi.arguments import Scope, parse_kpi_arguments
from models.kpi.digests import digest_scope
from models.kpi.outlook import outlook
from models.kpi.queries import figures
from models.unit_of_work import Snapshot
from models.workspace_features import native_charts


@command("/release", "kpi", "[period] [service]", help="show the figures of a period")
async def show_figures(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reporting() as snapshot:
        catalog, now = await snapshot.catalog(), snapshot.now
        found = await figures(snapshot.session, catalog, parse_kpi_arguments(incoming.text, catalog, now))
        native = await native_charts(snapshot.session, now)
    return Tell(*with_charts(partial(answer, found, now), native=native))


@action(WHY)
async def explain_figures(desk: Desk, incoming: Incoming) -> Answer:
    """What the figures of an answer or a digest count, over the same period."""
    async with desk.work.reporting() as snapshot:
        catalog = await snapshot.catalog()
        return Open(why(await figures(snapshot.session, catalog, await _scope(snapshot, incoming))))


@action(SCHEDULE)
async def show_schedule(desk: Desk, incoming: Incoming) -> Answer:
    """All that is planned for the services of a digest, as it is now."""
    async with desk.work.reporting() as snapshot:
        catalog = await snapshot.catalog()
        services = (await _scope(snapshot, incoming)).services
        return Open(full_schedule(await outlook(snapshot.session, catalog, services, snapshot.now, ahead=None)))


async def _scope(snapshot: Snapshot, incoming: Incoming) -> Scope:
    """The period and services of the answer or digest whose button was clicked."""
    asked = incoming.value
    at = datetime.fromisoformat(asked["a"])
    if "d" in asked:
        return await digest_scope(snapshot.session, asked["d"], asked["y"], at)
    return parse_kpi_arguments(" ".join((asked["p"], *asked["s"])), await snapshot.catalog(), at)

"""The criteria of a release: show them, meet one with evidence, waive one with a reason."""

from handlers.dispatch.answers import Answer, Back, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from messages.releases.action_ids import CRITERIA
from messages.releases.activities.criteria import (
    MEET,
    MEET_FORM,
    WAIVE,
    WAIVE_FORM,
    criteria,
    criteria_view,
    meet_form,
    waive_form,
)
from models.lifecycle.identifiers import find_release
from models.releases.activities import queries as activity_queries
from models.releases.activities.criteria import (
    MET,
    WAIVED,
    check_may_settle_criterion,
    ensure_criteria,
    settle_criterion,
)
from models.releases.activities.records import CriteriaList


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "criteria", "ID", help="show what a release still has to show, and settle it")(
        show_by_command
    )
    registry.action(CRITERIA)(show_criteria)
    registry.action(MEET)(ask_for_evidence)
    registry.action(WAIVE)(ask_for_reason)
    registry.view(MEET_FORM)(meet)
    registry.view(WAIVE_FORM)(waive)


async def show_by_command(desk: Desk, incoming: Incoming) -> Answer:
    """The criteria of the release that is named."""
    async with desk.work.database.reading() as session:
        release, _ = await find_release(session, incoming.text)
    return Tell(criteria(await _read(desk, incoming, release.id)))


async def show_criteria(desk: Desk, incoming: Incoming) -> Answer:
    """The criteria of a release in a modal."""
    return Open(criteria_view(await _read(desk, incoming, int(incoming.value["r"]))))


async def ask_for_evidence(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for the evidence, if the person may settle the criterion."""
    criterion = int(incoming.value["c"])
    return Open(
        meet_form(await check_may_settle_criterion(desk.work, desk.catalogs, incoming.actor, criterion, MET))
    )


async def ask_for_reason(desk: Desk, incoming: Incoming) -> Answer:
    """Ask why the criterion is left out, if the person may settle it."""
    criterion = int(incoming.value["c"])
    return Open(
        waive_form(await check_may_settle_criterion(desk.work, desk.catalogs, incoming.actor, criterion, WAIVED))
    )


async def meet(desk: Desk, incoming: Incoming) -> Answer:
    """Meet the criterion and show what is left."""
    return await _settle(desk, incoming, MET, written(incoming.fields, "evidence"))


async def waive(desk: Desk, incoming: Incoming) -> Answer:
    """Waive the criterion and show what is left."""
    return await _settle(desk, incoming, WAIVED, written(incoming.fields, "reason"))


async def _settle(desk: Desk, incoming: Incoming, outcome: str, grounds: str) -> Answer:
    criterion = int(incoming.metadata["c"])
    release_id = await settle_criterion(desk.work, desk.catalogs, incoming.actor, criterion, outcome, grounds)
    return Back(criteria_view(await _read(desk, incoming, release_id)))


async def _read(desk: Desk, incoming: Incoming, release_id: int) -> CriteriaList:
    await ensure_criteria(desk.work, desk.catalogs, incoming.actor, release_id)
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        return await activity_queries.criteria(session, catalog, release_id)

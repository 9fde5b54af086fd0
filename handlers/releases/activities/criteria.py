"""The criteria of a release: show them, meet one with evidence, confirm that, waive one with a reason."""

from handlers.dispatch.answers import Answer, Back, Change, Open, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from handlers.releases.identifiers import release_named
from messages.releases.action_ids import CRITERIA
from messages.releases.activities.criteria import (
    CONFIRM,
    MEET,
    MEET_FORM,
    WAIVE,
    WAIVE_FORM,
    criteria,
    criteria_view,
    meet_form,
    waive_form,
)
from models.releases.activities import queries as activity_queries
from models.releases.activities.gates import MET, WAIVED
from models.releases.activities.records import CriteriaList
from models.releases.activities.settle_criterion import (
    check_may_settle_criterion,
    confirm_criterion,
    settle_criterion,
)


@command("/release", "criteria", "ID", help="show what a release still has to show, and settle it")
async def show_by_command(desk: Desk, incoming: Incoming) -> Answer:
    release_id, _ = await release_named(desk, incoming)
    return Tell(criteria(await _read(desk, release_id)))


@action(CRITERIA)
async def show_criteria(desk: Desk, incoming: Incoming) -> Answer:
    return Open(criteria_view(await _read(desk, int(incoming.value["r"]))))


@action(MEET)
async def ask_for_evidence(desk: Desk, incoming: Incoming) -> Answer:
    criterion = int(incoming.value["c"])
    settling = await check_may_settle_criterion(desk.work, incoming.actor, criterion, MET)
    return Open(meet_form(settling))


@action(WAIVE)
async def ask_why_waived(desk: Desk, incoming: Incoming) -> Answer:
    criterion = int(incoming.value["c"])
    settling = await check_may_settle_criterion(desk.work, incoming.actor, criterion, WAIVED)
    return Open(waive_form(settling))


@action(CONFIRM)
async def confirm(desk: Desk, incoming: Incoming) -> Answer:
    """Confirm the evidence, and show what is left where it was clicked."""
    release_id = await confirm_criterion(desk.work, incoming.actor, int(incoming.value["c"]))
    found = await _read(desk, release_id)
    return Change(criteria_view(found)) if incoming.view else Replace(criteria(found))


@view(MEET_FORM)
async def meet(desk: Desk, incoming: Incoming) -> Answer:
    return await _settle(desk, incoming, MET, incoming.fields.text("evidence"))


@view(WAIVE_FORM)
async def waive(desk: Desk, incoming: Incoming) -> Answer:
    return await _settle(desk, incoming, WAIVED, incoming.fields.text("reason"))


async def _settle(desk: Desk, incoming: Incoming, outcome: str, grounds: str) -> Answer:
    """Settle the criterion and show what is left, in the modal below."""
    criterion = int(incoming.metadata["c"])
    release_id = await settle_criterion(desk.work, incoming.actor, criterion, outcome, grounds)
    return Back(criteria_view(await _read(desk, release_id)))


async def _read(desk: Desk, release_id: int) -> CriteriaList:
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        return await activity_queries.criteria_list(snapshot.session, catalog, release_id)

"""Superseding a release by a newer one."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from handlers.releases.identifiers import release_named
from messages.releases.action_ids import SUPERSEDE
from messages.releases.request.supersede import SUPERSEDE_FORM, supersede_form, superseded
from models.lifecycle.identifiers import find_release
from models.releases.request.supersede import check_may_supersede, supersede_release


@action(SUPERSEDE)
async def ask_by_which(desk: Desk, incoming: Incoming) -> Answer:
    return Open(supersede_form(await check_may_supersede(desk.work, incoming.actor, int(incoming.value["r"]))))


@view(SUPERSEDE_FORM)
async def supersede(desk: Desk, incoming: Incoming) -> Answer:
    fields, release_id = incoming.fields, int(incoming.metadata["r"])
    newer = int(fields.choice("newer"))
    return Tell(
        superseded(await supersede_release(desk.work, incoming.actor, release_id, newer, fields.text("reason")))
    )


@command("/release", "supersede", "ID [by ID] [reason]", help="cancel a release in favour of a newer one")
async def supersede_by_command(desk: Desk, incoming: Incoming) -> Answer:
    """Cancel the release that is named first; without a second one, ask which."""
    release_id, rest = await release_named(desk, incoming)
    first, _, after = rest.partition(" ")
    by = after.strip() if first.casefold() == "by" else rest
    if not by:
        return Open(supersede_form(await check_may_supersede(desk.work, incoming.actor, release_id)))
    async with desk.work.reading() as snapshot:
        newer, reason = await find_release(snapshot.session, by)
    return Tell(superseded(await supersede_release(desk.work, incoming.actor, release_id, newer.id, reason)))

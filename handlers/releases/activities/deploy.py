"""Moving an approved release on: start deployment, mark deployed, back out, cancel."""

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from handlers.packages import open_package
from handlers.releases.activities.build import ask_what_was_built
from handlers.releases.activities.criteria import show_criteria
from handlers.releases.activities.test import show_tests
from handlers.releases.plan.plan import open_plan
from handlers.releases.request.request import edit_modal
from messages.releases.action_ids import BACK_OUT, CANCEL, MARK_DEPLOYED, MORE, START_DEPLOYMENT
from messages.releases.card.details import cancelled
from messages.releases.reasons import BACK_OUT_REASON, reason_form
from models.lifecycle.identifiers import find_release
from models.lifecycle.lifecycle import Verb
from models.releases.activities import deploy as deployment
from models.releases.activities.step import check_may_take
from models.releases.request.cancel import cancel_release


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(START_DEPLOYMENT)(start_deployment)
    registry.action(MARK_DEPLOYED)(mark_deployed)
    registry.action(BACK_OUT)(ask_why_backed_out)
    registry.view(BACK_OUT_REASON)(back_out)
    registry.action(CANCEL)(cancel)
    registry.action(MORE)(more)
    registry.verb("/release", "cancel", "ID [reason]", help="cancel a release that is not being deployed yet")(
        cancel_by_command
    )


async def start_deployment(desk: Desk, incoming: Incoming) -> Answer:
    """Record that the deployment begins."""
    await deployment.start_deployment(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()


async def mark_deployed(desk: Desk, incoming: Incoming) -> Answer:
    """Record that the release is in production."""
    await deployment.mark_deployed(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()


async def ask_why_backed_out(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for the reason of a back-out."""
    release_id = int(incoming.value["r"])
    identifier = await check_may_take(desk.work, desk.catalogs, incoming.actor, Verb.BACK_OUT, release_id)
    return Open(reason_form(BACK_OUT_REASON, identifier, release_id, 0))


async def back_out(desk: Desk, incoming: Incoming) -> Answer:
    """Record the back-out; card and thread show it."""
    reason, restored = (written(incoming.fields, name) for name in ("reason", "restored"))
    release_id = int(incoming.metadata["r"])
    await deployment.back_out(desk.work, desk.catalogs, incoming.actor, release_id, reason, restored)
    return Nothing()


async def cancel(desk: Desk, incoming: Incoming) -> Answer:
    """Cancel from a button."""
    identifier = await cancel_release(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Tell(cancelled(identifier))


async def more(desk: Desk, incoming: Incoming) -> Answer:
    """The menu of rare verbs."""
    rare = {
        "plan": open_plan,
        "package": open_package,
        "cancel": cancel,  # of cards that were shown before it went from the menu
        "edit": _edit,
        "criteria": show_criteria,
        "tests": show_tests,
        "record_build": ask_what_was_built,
        "back_out": ask_why_backed_out,
    }
    return await rare[str(incoming.value.get("do"))](desk, incoming)


async def _edit(desk: Desk, incoming: Incoming) -> Answer:
    return await edit_modal(desk, incoming, int(incoming.value["r"]))


async def cancel_by_command(desk: Desk, incoming: Incoming) -> Answer:
    """Cancel the release that is named; words after a full stop or line break are the reason."""
    async with desk.work.database.reading() as session:
        release, reason = await find_release(session, incoming.text)
    identifier = await cancel_release(desk.work, desk.catalogs, incoming.actor, release.id, reason)
    return Tell(cancelled(identifier))

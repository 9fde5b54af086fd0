"""Building a release: start, record what was built, hand it to test."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, all_written, new_nonce
from handlers.dispatch.registry import Registry
from messages.releases.action_ids import RECORD_BUILD, START_BUILD, START_TEST
from messages.releases.activities.build import BUILD_FORM, build_form
from models.lifecycle.lifecycle import Verb
from models.releases.activities import build as building
from models.releases.activities.step import check_may


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(START_BUILD)(start_build)
    registry.action(RECORD_BUILD)(ask_what_was_built)
    registry.view(BUILD_FORM)(record_build)
    registry.action(START_TEST)(start_test)


async def start_build(desk: Desk, incoming: Incoming) -> Answer:
    """Begin to build; the card shows it."""
    await building.start_build(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()


async def ask_what_was_built(desk: Desk, incoming: Incoming) -> Answer:
    """Ask what was built, if the person builds this release."""
    release_id = int(incoming.value["r"])
    step = await check_may(desk.work, desk.catalogs, incoming.actor, Verb.RECORD_BUILD, release_id)
    return Open(build_form(release_id, step.release.identifier, new_nonce()))


async def record_build(desk: Desk, incoming: Incoming) -> Answer:
    """Keep what was built; the card shows it."""
    entered = all_written(incoming.fields)
    about = incoming.metadata
    await building.record_build(desk.work, desk.catalogs, incoming.actor, int(about["r"]), entered, str(about["f"]))
    return Nothing()


async def start_test(desk: Desk, incoming: Incoming) -> Answer:
    """Hand the build to test; the card shows it."""
    await building.start_test(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()

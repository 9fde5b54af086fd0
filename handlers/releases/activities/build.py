"""Building a release: start, record what was built, hand it to test."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.releases.action_ids import RECORD_BUILD, START_BUILD, START_TEST
from messages.releases.activities.build import BUILD_FORM, build_form
from models.lifecycle.lifecycle import Verb
from models.releases.activities import build as building
from models.releases.activities.step import check_may_step


@action(START_BUILD)
async def start_build(desk: Desk, incoming: Incoming) -> Answer:
    await building.start_build(desk.work, incoming.actor, int(incoming.value["r"]))
    return Nothing()


@action(RECORD_BUILD)
async def ask_what_was_built(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    step = await check_may_step(desk.work, incoming.actor, Verb.RECORD_BUILD, release_id)
    sources = step.loaded.service.policy.sources if step.loaded.service else ()
    return Open(build_form(release_id, step.release.identifier, new_nonce(), sources))


@view(BUILD_FORM)
async def record_build(desk: Desk, incoming: Incoming) -> Answer:
    release_id, entered = int(incoming.metadata["r"]), incoming.fields.texts()
    await building.record_build(desk.work, incoming.actor, release_id, entered, incoming.nonce)
    return Nothing()


@action(START_TEST)
async def start_test(desk: Desk, incoming: Incoming) -> Answer:
    await building.start_test(desk.work, incoming.actor, int(incoming.value["r"]))
    return Nothing()

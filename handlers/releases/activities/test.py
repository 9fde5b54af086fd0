"""The tests of a release: show them, write strategy and plan, record results, give the verdict."""

from handlers.dispatch.answers import Answer, Back, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from handlers.releases.identifiers import release_named
from messages.releases.action_ids import ACCEPT_TESTS, RECORD_TEST_RESULT, TESTS
from messages.releases.activities.test import (
    RECORD_FAILURE,
    RESULT_FORM,
    STRATEGY,
    STRATEGY_FORM,
    VERDICT_FORM,
    result_form,
    strategy_form,
    tests,
    tests_view,
    verdict_form,
)
from messages.support.known_error_forms import failure_form
from models.lifecycle.lifecycle import Verb
from models.releases.activities import queries as activity_queries
from models.releases.activities import test as testing
from models.releases.activities.records import ReleaseTests
from models.releases.activities.step import check_may_step


@command("/release", "test", "ID", help="show the tests of a release, and record them")
async def show_by_command(desk: Desk, incoming: Incoming) -> Answer:
    release_id, _ = await release_named(desk, incoming)
    return Tell(tests(await _read(desk, release_id)))


@action(TESTS)
async def show_tests(desk: Desk, incoming: Incoming) -> Answer:
    return Open(tests_view(await _read(desk, int(incoming.value["r"]))))


@action(STRATEGY)
async def ask_for_strategy(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    found = await testing.check_may_write_strategy(desk.work, incoming.actor, release_id)
    return Open(strategy_form(release_id, *found))


@view(STRATEGY_FORM)
async def write_strategy(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.metadata["r"])
    strategy, plan = incoming.fields.text("strategy"), incoming.fields.text("plan")
    await testing.write_strategy(desk.work, incoming.actor, release_id, strategy, plan)
    return Back(tests_view(await _read(desk, release_id)))


@action(RECORD_TEST_RESULT)
async def ask_for_result(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    step = await check_may_step(desk.work, incoming.actor, Verb.RECORD_TEST_RESULT, release_id)
    async with desk.work.reading() as snapshot:
        components = await testing.components_of(snapshot.session, release_id)
    return Open(result_form(release_id, step.release.identifier, new_nonce(), components))


@view(RESULT_FORM)
async def record_result(desk: Desk, incoming: Incoming) -> Answer:
    fields, release_id = incoming.fields, int(incoming.metadata["r"])
    form = testing.ResultForm(
        component=fields.text("component"),
        another=fields.text("another"),
        result=fields.text("result"),
        note=fields.text("note"),
        known_error=fields.text("known_error"),
    )
    await testing.record_result(desk.work, incoming.actor, release_id, form, incoming.nonce)
    return Back(tests_view(await _read(desk, release_id)))


@action(RECORD_FAILURE)
async def ask_for_known_error(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Record a known error* with what failed; the failure is explained by what comes of it."""
    test_id = int(incoming.value["t"])
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        failed = await activity_queries.failed_test(snapshot.session, test_id)
    return Open(failure_form(catalog, failed, test_id, new_nonce()))


@action(ACCEPT_TESTS)
async def ask_for_verdict(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    await check_may_step(desk.work, incoming.actor, Verb.ACCEPT_TESTS, release_id)
    return Open(verdict_form(await _read(desk, release_id)))


@view(VERDICT_FORM)
async def accept_tests(desk: Desk, incoming: Incoming) -> Answer:
    fields, release_id = incoming.fields, int(incoming.metadata["r"])
    purpose, use, services = fields.text("purpose"), fields.text("use"), fields.several("services")
    await testing.accept_tests(desk.work, incoming.actor, release_id, purpose, use, services)
    return Back(tests_view(await _read(desk, release_id))) if incoming.view.get("previous_view_id") else Nothing()


async def _read(desk: Desk, release_id: int) -> ReleaseTests:
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        return await activity_queries.release_tests(snapshot.session, catalog, release_id)

"""The tests of a release: show them, write strategy and plan, record results, give the verdict."""

from handlers.dispatch.answers import Answer, Back, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, all_written, new_nonce, written
from handlers.dispatch.registry import Registry
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
from messages.support import known_error_forms
from models.lifecycle.identifiers import find_release
from models.lifecycle.lifecycle import Verb
from models.releases.activities import queries as activity_queries
from models.releases.activities import test as testing
from models.releases.activities.records import ReleaseTests
from models.releases.activities.step import check_may
from models.support.records import ReleaseChoice


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "test", "ID", help="show the tests of a release, and record them")(show_by_command)
    registry.action(TESTS)(show_tests)
    registry.action(STRATEGY)(ask_for_strategy)
    registry.view(STRATEGY_FORM)(write_strategy)
    registry.action(RECORD_TEST_RESULT)(ask_for_result)
    registry.view(RESULT_FORM)(record_result)
    registry.action(RECORD_FAILURE)(ask_for_known_error)
    registry.action(ACCEPT_TESTS)(ask_for_verdict)
    registry.view(VERDICT_FORM)(accept_tests)


async def show_by_command(desk: Desk, incoming: Incoming) -> Answer:
    """The tests of the release that is named."""
    async with desk.work.database.reading() as session:
        release, _ = await find_release(session, incoming.text)
    return Tell(tests(await _read(desk, release.id)))


async def show_tests(desk: Desk, incoming: Incoming) -> Answer:
    """The tests of a release in a modal."""
    return Open(tests_view(await _read(desk, int(incoming.value["r"]))))


async def ask_for_strategy(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for strategy and plan, if the person writes them."""
    release_id = int(incoming.value["r"])
    found = await testing.check_may_write_strategy(desk.work, desk.catalogs, incoming.actor, release_id)
    return Open(strategy_form(release_id, *found))


async def write_strategy(desk: Desk, incoming: Incoming) -> Answer:
    """Keep strategy and plan, and show the tests."""
    release_id = int(incoming.metadata["r"])
    strategy, plan = (written(incoming.fields, name) for name in ("strategy", "plan"))
    await testing.write_strategy(desk.work, desk.catalogs, incoming.actor, release_id, strategy, plan)
    return Back(tests_view(await _read(desk, release_id)))


async def ask_for_result(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for the result of one component, if the person tests this release."""
    release_id = int(incoming.value["r"])
    step = await check_may(desk.work, desk.catalogs, incoming.actor, Verb.RECORD_TEST_RESULT, release_id)
    return Open(result_form(release_id, step.release.identifier, new_nonce()))


async def record_result(desk: Desk, incoming: Incoming) -> Answer:
    """Keep the result, and show the tests."""
    entered = all_written(incoming.fields)
    form = testing.ResultForm(
        component=entered.get("component", ""),
        result=entered.get("result", ""),
        note=entered.get("note", ""),
        known_error=entered.get("known_error", ""),
    )
    release_id, nonce = int(incoming.metadata["r"]), str(incoming.metadata["f"])
    await testing.record_result(desk.work, desk.catalogs, incoming.actor, release_id, form, nonce)
    return Back(tests_view(await _read(desk, release_id)))


async def ask_for_known_error(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Record a known error* with what failed; the failure is explained by what comes of it."""
    test_id = int(incoming.value["t"])
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        failed = await activity_queries.failure(session, test_id)
    entered = {"title": f"{failed.component} fails", "symptom": failed.note, "service": failed.service}
    found_in = ReleaseChoice(failed.release_id, failed.identifier, failed.title)
    return Open(known_error_forms.record_form(catalog, entered, new_nonce(), found_in=found_in, test=test_id))


async def ask_for_verdict(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for the verdict, if the person may give it and nothing stands in its way."""
    release_id = int(incoming.value["r"])
    await check_may(desk.work, desk.catalogs, incoming.actor, Verb.ACCEPT_TESTS, release_id)
    return Open(verdict_form(await _read(desk, release_id)))


async def accept_tests(desk: Desk, incoming: Incoming) -> Answer:
    """Give the verdict; card and thread show it."""
    fields = incoming.fields
    purpose, use = (written(fields, name) for name in ("purpose", "use"))
    services = [str(key) for key in fields.get("services") or ()]
    release_id = int(incoming.metadata["r"])
    await testing.accept_tests(desk.work, desk.catalogs, incoming.actor, release_id, purpose, use, services)
    return Back(tests_view(await _read(desk, release_id))) if incoming.view.get("previous_view_id") else Nothing()


async def _read(desk: Desk, release_id: int) -> ReleaseTests:
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        return await activity_queries.testing(session, catalog, release_id)

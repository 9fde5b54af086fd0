"""Testing a release: strategy and plan, a result for each component, and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.catalog.document import Catalog
from models.catalog.numbering import fold_identifier
from models.catalog.related_services import related
from models.catalog.roles import AUTHORITY, role_choice
from models.errors import Invalid, Refused
from models.events import Actor
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import STOPPED, State, Verb
from models.lifecycle.tables.activities import ComponentTest
from models.lifecycle.tables.release import Release
from models.limits import COMPONENT_LIMIT
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.activities.events import ComponentTested, TestsAccepted, TestStrategyWritten
from models.releases.activities.gate_facts import latest_build
from models.releases.activities.step import activities_of, activity_event_facts, enter, go_on, written
from models.support.lookup import load_known_error
from models.support.numbers import read_known_error
from models.unit_of_work import Snapshot, Transaction, UnitOfWork

PASSED = "passed"

FAILED = "failed"

STRATEGISTS = ("test_manager", "release_manager")
"""Who writes the test strategy and plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultForm:
    """What somebody entered about a component; ``known_error`` is the one that explains a failure, if any."""

    component: str
    result: str
    note: str = ""
    known_error: str = ""


async def record_result(work: UnitOfWork, actor: Actor, release_id: int, form: ResultForm, nonce: str) -> str:
    """Keep the result of testing a component; gives the identifier. The last result of a component counts.

    ``nonce`` names the opened form: submitting it twice keeps one result. Raises
    :class:`~models.errors.Invalid` with every field that is wrong, :class:`~models.errors.Refused` when the
    release is not in test or the person does not test it.
    """
    given = _check(form)
    async with work(actor) as tx:
        step = await enter(tx, Verb.RECORD_TEST_RESULT, release_id)
        if not await tx.once("test", nonce):
            return step.release.identifier
        build = await latest_build(tx.session, release_id)
        tx.session.add(
            ComponentTest(
                release_id=release_id,
                build_id=build.id if build else None,
                component=given.component,
                component_name=fold_identifier(given.component),
                passed=given.result == PASSED,
                note=given.note,
                known_error_id=await _explained(tx, given),
                recorded_by=actor.person,
                recorded_at=tx.now,
            )
        )
        passed = given.result == PASSED
        tx.record(
            ComponentTested(
                **activity_event_facts(step, actor), grounds=given.note, component=given.component, passed=passed
            )
        )
        return step.release.identifier


async def accept_tests(
    work: UnitOfWork, actor: Actor, release_id: int, purpose: str, use: str, services: Sequence[str] = ()
) -> str:
    """Give the verdict: fit for purpose, fit for use, with the other services looked at; gives the identifier.

    Raises :class:`~models.errors.Refused` while a failure has neither a later pass nor a known error with a
    workaround, or an exit criterion is open; :class:`~models.errors.Invalid` without both halves of the verdict.
    """
    asked = {"purpose": "Say what shows that it does what it is for.", "use": "Say what shows that it can be used."}
    given = written({"purpose": purpose, "use": use}, asked)
    async with work(actor) as tx:
        step = await enter(tx, Verb.ACCEPT_TESTS, release_id)
        go_on(tx, step, Verb.ACCEPT_TESTS)
        kept = step.activities
        kept.fit_for_purpose, kept.fit_for_use = given["purpose"], given["use"]
        kept.services = [key for key in services if key in step.found.catalog.by_key]
        kept.accepted_by, kept.accepted_at = actor.person, tx.now
        kept.go_by = kept.go_at = None
        service = step.found.service
        deciders = (
            [one for role in roles_that_answer(service, AUTHORITY) for one in service.holders(role)]
            if service
            else []
        )
        tx.record(
            TestsAccepted(
                **activity_event_facts(step, actor),
                grounds=f"fit for purpose: {given['purpose']}\nfit for use: {given['use']}",
                services=tuple(kept.services),
                turn=kept.turns,
                mentions=tuple(dict.fromkeys(deciders)),
            )
        )
        return step.release.identifier


async def check_may_write_strategy(work: UnitOfWork, actor: Actor, release_id: int) -> tuple[str, str, str]:
    """The identifier, the test strategy and the test plan as the actor may change them; raises Refused."""
    async with work.reading(actor) as snapshot:
        release = await _may_plan(snapshot, release_id)
        catalog = await snapshot.catalog()
        kept = await activities_of(snapshot, release, catalog.by_key.get(release.service))
        return release.identifier, kept.test_strategy, kept.test_plan


async def write_strategy(work: UnitOfWork, actor: Actor, release_id: int, strategy: str, plan: str) -> str:
    """Keep test strategy and plan; gives the identifier. Raises Refused, and Invalid without a strategy."""
    given = written(
        {"strategy": strategy, "plan": plan}, {"strategy": "Say what is tested, how far, and why that is enough."}
    )
    async with work(actor) as tx:
        release = await _may_plan(tx, release_id)
        catalog = await tx.catalog()
        kept = await activities_of(tx, release, catalog.by_key.get(release.service))
        kept.test_strategy, kept.test_plan = given["strategy"], given["plan"]
        tx.record(
            TestStrategyWritten(
                subject=release_id, release_id=release_id, identifier=release.identifier, person=actor.person
            )
        )
        return release.identifier


def affected(catalog: Catalog, service: str) -> tuple[str, ...]:
    """The other services that a release of ``service`` may touch: those it depends on, and those that need it."""
    together = related(catalog).get(service, frozenset())
    return tuple(one.key for one in catalog.services if one.key in together and one.key != service)


async def _may_plan(snapshot: Snapshot, release_id: int) -> Release:
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    service = catalog.by_key.get(release.service)
    if release.state in STOPPED:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so nothing is tested any more.")
    roles = await roles_of(snapshot.session, service, snapshot.actor.person) if service else frozenset()
    asked = roles_that_answer(service, STRATEGISTS)
    if service is None or roles.isdisjoint(asked):
        people = (
            await holder_names(snapshot.session, service, asked) if service else "nobody while the catalog lacks it"
        )
        raise Refused(f"The test strategy of {release.identifier} is for its {role_choice(asked)}: {people}.")
    return release


def _check(form: ResultForm) -> ResultForm:
    asked = {"component": "Say which component was tested."}
    if form.result == FAILED:
        asked["note"] = "Say what failed, or link to it."
    problems = {} if form.result in (PASSED, FAILED) else {"result": "Choose passed or failed."}
    fields = {"component": " ".join(form.component.split()), "note": form.note}
    try:
        given = written(fields, asked)
    except Invalid as invalid:
        raise Invalid({**problems, **invalid.problems}) from None
    if len(given["component"]) > COMPONENT_LIMIT:
        problems["component"] = f"{COMPONENT_LIMIT} characters are the most for a component's name."
    if problems:
        raise Invalid(problems)
    return ResultForm(
        component=given["component"], result=form.result, note=given["note"], known_error=form.known_error.strip()
    )


async def _explained(tx: Transaction, form: ResultForm) -> int | None:
    if form.result == PASSED or not form.known_error:
        return None
    return (await load_known_error(tx.session, read_known_error(form.known_error)[0])).id

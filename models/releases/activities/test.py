"""Testing a release: strategy and plan, the result of each component, and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.catalog.numbering import fold_identifier
from models.catalog.related_services import related
from models.catalog.roles import AUTHORITY, role_choice
from models.errors import Invalid, Refused
from models.events import Actor
from models.lifecycle.access import holders_that_answer, roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import STOPPED, State, Verb
from models.lifecycle.tables.activities import ComponentTest
from models.lifecycle.tables.release import Release
from models.limits import COMPONENT_LIMIT
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.activities.events import ComponentTested, TestsAccepted, TestStrategyWritten
from models.releases.activities.gate_facts import latest_build
from models.releases.activities.step import (
    activities_of,
    activity_event_facts,
    begin_step,
    required_texts,
    take_step,
)
from models.releases.policy.surroundings import items_of_release
from models.support.lookup import load_known_error
from models.support.numbers import read_known_error
from models.unit_of_work import Snapshot, Transaction, UnitOfWork

PASSED = "passed"

FAILED = "failed"

STRATEGISTS = ("test_manager", "release_manager")
"""Who writes the test strategy and plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultForm:
    """The result of a component: one of the package, or ``another``.

    ``known_error`` is the number of the one that explains a failure, if any.
    """

    component: str
    result: str
    another: str = ""
    note: str = ""
    known_error: str = ""


async def record_result(work: UnitOfWork, actor: Actor, release_id: int, form: ResultForm, nonce: str) -> str:
    """Record the result of a component; its latest one counts. Returns the identifier.

    Submitting the form ``nonce`` twice records one result. Raises :class:`~models.errors.Invalid` with every wrong
    field, :class:`~models.errors.Refused` when the release is not in test or the person does not test it.
    """
    given = _checked_result(form)
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.RECORD_TEST_RESULT, release_id)
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
                known_error_id=await _known_error_id(tx, given),
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
    """Accept the tests: what shows that the release is fit for purpose and for use; returns the identifier.

    ``services`` are the keys of the related services that were looked at. Raises :class:`~models.errors.Refused`
    while a failure or an exit criterion is open, :class:`~models.errors.Invalid` without both statements.
    """
    prompts = {
        "purpose": "Say what shows that it does what it is for.",
        "use": "Say what shows that it can be used.",
    }
    given = required_texts({"purpose": purpose, "use": use}, prompts)
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.ACCEPT_TESTS, release_id)
        take_step(tx, step, Verb.ACCEPT_TESTS)
        activities = step.activities
        activities.fit_for_purpose, activities.fit_for_use = given["purpose"], given["use"]
        activities.services = [key for key in services if key in step.loaded.catalog.by_key]
        activities.accepted_by, activities.accepted_at = actor.person, tx.now
        activities.go_by = activities.go_at = None
        tx.record(
            TestsAccepted(
                **activity_event_facts(step, actor),
                grounds=f"fit for purpose: {given['purpose']}\nfit for use: {given['use']}",
                services=tuple(activities.services),
                turn=activities.turns,
                mentions=holders_that_answer(step.loaded.service, AUTHORITY),
            )
        )
        return step.release.identifier


async def components_of(session: AsyncSession, release_id: int) -> dict[str, str]:
    """The configuration items of the release's package by key, in words: those that a result can be about."""
    return {item.key: item.words for item in await items_of_release(session, release_id)}


async def check_may_write_strategy(work: UnitOfWork, actor: Actor, release_id: int) -> tuple[str, str, str]:
    """The identifier, test strategy and test plan, if the actor may change them. Raises Refused."""
    async with work.reading(actor) as snapshot:
        release = await _load_to_plan_tests(snapshot, release_id)
        catalog = await snapshot.catalog()
        activities = await activities_of(snapshot, release, catalog.by_key.get(release.service))
        return release.identifier, activities.test_strategy, activities.test_plan


async def write_strategy(work: UnitOfWork, actor: Actor, release_id: int, strategy: str, plan: str) -> str:
    """Save test strategy and plan; returns the identifier. Raises Refused, and Invalid without a strategy."""
    given = required_texts(
        {"strategy": strategy, "plan": plan}, {"strategy": "Say what is tested, how far, and why that is enough."}
    )
    async with work(actor) as tx:
        release = await _load_to_plan_tests(tx, release_id)
        catalog = await tx.catalog()
        activities = await activities_of(tx, release, catalog.by_key.get(release.service))
        activities.test_strategy, activities.test_plan = given["strategy"], given["plan"]
        tx.record(
            TestStrategyWritten(
                subject=release_id, release_id=release_id, identifier=release.identifier, person=actor.person
            )
        )
        return release.identifier


def affected_services(catalog: Catalog, service: str) -> tuple[str, ...]:
    """The keys of the services related to ``service``, without itself."""
    related_keys = related(catalog).get(service, frozenset())
    return tuple(one.key for one in catalog.services if one.key in related_keys and one.key != service)


async def _load_to_plan_tests(snapshot: Snapshot, release_id: int) -> Release:
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    service = catalog.by_key.get(release.service)
    if release.state in STOPPED:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so nothing is tested any more.")
    roles = await roles_of(snapshot.session, service, snapshot.actor.person) if service else frozenset()
    strategists = roles_that_answer(service, STRATEGISTS)
    if service is None or roles.isdisjoint(strategists):
        people = (
            await holder_names(snapshot.session, service, strategists)
            if service
            else "nobody while the catalog lacks it"
        )
        raise Refused(f"The test strategy of {release.identifier} is for its {role_choice(strategists)}: {people}.")
    return release


def _checked_result(form: ResultForm) -> ResultForm:
    prompts = {"component": "Say which component was tested."}
    if form.result == FAILED:
        prompts["note"] = "Say what failed, or link to it."
    problems = {} if form.result in (PASSED, FAILED) else {"result": "Choose passed or failed."}
    chosen, another = " ".join(form.component.split()), " ".join(form.another.split())
    fields = {"component": chosen or another, "note": form.note}
    try:
        given = required_texts(fields, prompts)
    except Invalid as invalid:
        raise Invalid({**problems, **invalid.problems}) from None
    if chosen and another:
        problems["another"] = "Choose a component of the package or name another one, not both."
    if len(given["component"]) > COMPONENT_LIMIT:
        name = "component" if chosen else "another"
        problems[name] = f"{COMPONENT_LIMIT} characters are the most for a component's name."
    if problems:
        raise Invalid(problems)
    return ResultForm(
        component=given["component"], result=form.result, note=given["note"], known_error=form.known_error.strip()
    )


async def _known_error_id(tx: Transaction, form: ResultForm) -> int | None:
    if form.result == PASSED or not form.known_error:
        return None
    return (await load_known_error(tx.session, read_known_error(form.known_error)[0])).id

from typing import Any

from models.catalog.document import Service
from models.errors import Invalid
from models.events import Actor
from models.lifecycle.lifecycle import Verb
from models.lifecycle.tables.activities import Build
from models.people.holder_names import MOST_NAMED
from models.releases.activities.events import BuildRecorded, BuildStarted, TestingStarted
from models.releases.activities.step import Step, activity_event_facts, begin_step, required_texts, take_step
from models.sources import foreign_sources
from models.text import either, listed
from models.unit_of_work import UnitOfWork

BUILD_PROMPTS = {
    "what": "Say what was built: the packages or components, with their versions.",
    "source": "Say from which controlled source it was built, such as a repository.",
    "revision": "Say which revision of the source was built.",
    "artefact": "Give the checksum of what was built, or a link to it.",
    "checked": "Say how it was checked before it is handed to test.",
}
"""The fields of a build, each with what to say when it is empty."""


async def start_build(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Start the build; returns the identifier. Raises Refused."""
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.START_BUILD, release_id)
        take_step(tx, step, Verb.START_BUILD)
        tx.record(BuildStarted(**activity_event_facts(step, actor)))
        return step.release.identifier


async def record_build(work: UnitOfWork, actor: Actor, release_id: int, fields: dict[str, str], nonce: str) -> str:
    """Record a build with the fields of :data:`BUILD_PROMPTS`; the latest one counts. Returns the identifier.

    Submitting the form ``nonce`` twice records one build. Raises :class:`~models.errors.Invalid` with every wrong
    field, and Refused.
    """
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.RECORD_BUILD, release_id)
        given = _checked_build(step, fields)
        if await tx.once("build", nonce):
            columns: dict[str, Any] = {**given, "recorded_by": actor.person, "recorded_at": tx.now}
            tx.session.add(Build(release_id=release_id, **columns))
            source, revision = given["source"], given["revision"]
            tx.record(BuildRecorded(**activity_event_facts(step, actor), source=source, revision=revision))
        return step.release.identifier


def _checked_build(step: Step, fields: dict[str, str]) -> dict[str, str]:
    """Raises :class:`~models.errors.Invalid` with every wrong field, a source that isn't controlled among them."""
    problems: dict[str, str] = {}
    given: dict[str, str] = {}
    try:
        given = required_texts({name: fields.get(name, "") for name in BUILD_PROMPTS}, BUILD_PROMPTS)
    except Invalid as invalid:
        problems |= invalid.problems
    if step.loaded.service and (problem := source_problem(fields.get("source", ""), step.loaded.service)):
        problems.setdefault("source", problem)
    if problems:
        raise Invalid(problems)
    return given


def source_problem(source: str, service: Service) -> str:
    """Why a build of ``service`` can't come from ``source``; empty if it can."""
    foreign = foreign_sources(source, service.policy.sources)
    if not foreign:
        return ""
    allowed = either(service.policy.sources, MOST_NAMED)
    is_none = "is no controlled source" if len(foreign) == 1 else "are no controlled sources"
    return (
        f"{listed(one[:80] for one in foreign[:MOST_NAMED])} {is_none} of {service.name}. Its builds come from "
        f"{allowed}. Its owner can name others in /release service {service.key}."
    )


async def start_test(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Hand the build to test; returns the identifier.

    Raises :class:`~models.errors.Refused` while no build is recorded or an entry criterion is open.
    """
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.START_TEST, release_id)
        take_step(tx, step, Verb.START_TEST)
        tx.record(TestingStarted(**activity_event_facts(step, actor)))
        return step.release.identifier

"""Taking a release along a row that has a gate: the row of its activities, and the refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.catalog.document import Service
from models.errors import Invalid, Refused
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import LoadedRelease, load_for_verb, roles_that_answer
from models.lifecycle.lifecycle import State, Verb
from models.lifecycle.tables.activities import Activities
from models.lifecycle.tables.release import Release
from models.limits import TEXT_LIMIT
from models.people.holder_names import holder_names
from models.releases.activities.gate_facts import gate_facts_of_release
from models.releases.activities.gates import GateFacts, Missing, missing_at
from models.releases.activities.release_criteria import add_criteria
from models.text import text_problem
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Step:
    """A release on its way along a row whose gate is open."""

    found: LoadedRelease
    activities: Activities
    facts: GateFacts

    @property
    def release(self) -> Release:
        """The release."""
        return self.found.release


async def begin_step(snapshot: Snapshot, verb: Verb, release_id: int) -> Step:
    """The release, locked in a transaction, when ``verb`` has all it needs: the state, the person, the gate.

    Raises :class:`~models.errors.Refused` with who may, or with what is missing and who can settle it.
    """
    found = await load_for_verb(snapshot, verb, release_id)
    activities = await activities_of(snapshot, found.release, found.service)
    known = await gate_facts_of_release(snapshot.session, found.release, activities)
    row = lifecycle.check_state(verb, found.release.identifier, found.release.state)
    lacking = missing_at(row.gate, known)
    if lacking:
        raise Refused(await _closed_gate(snapshot, found, lacking))
    return Step(found, activities, known)


def take_step(tx: Transaction, step: Step, verb: Verb) -> State:
    """Take the release along ``verb`` and count the turning point; gives the new state."""
    step.activities.turns += 1
    return lifecycle.move(step.release, verb, tx.now)


def activity_event_facts(step: Step, actor: Actor) -> dict[str, Any]:
    """What every event of a release's activities says."""
    release_id = step.found.id
    identifier = step.release.identifier
    return {"subject": release_id, "release_id": release_id, "identifier": identifier, "person": actor.person}


async def check_may_step(work: UnitOfWork, actor: Actor, verb: Verb, release_id: int) -> Step:
    """Whether the actor could take ``verb`` now. Raises what the use case would raise."""
    async with work.reading(actor) as snapshot:
        return await begin_step(snapshot, verb, release_id)


async def begin_activities(tx: Transaction, release: Release, service: Service | None) -> Activities:
    """Begin the activities of a release: the criteria it is asked for are copied to it as they are now."""
    activities = Activities(release_id=release.id)
    tx.session.add(activities)
    add_criteria(tx, release, service)
    await tx.session.flush()
    return activities


async def activities_of(snapshot: Snapshot, release: Release, service: Service | None) -> Activities:
    """The activities of a release; a transaction begins them for one that was requested before there were any."""
    found = await snapshot.session.get(Activities, release.id)
    if found is None and isinstance(snapshot, Transaction):
        return await begin_activities(snapshot, release, service)
    return found or Activities(release_id=release.id)


def required_texts(fields: dict[str, str], asked: dict[str, str], limit: int = TEXT_LIMIT) -> dict[str, str]:
    """The trimmed texts of a form; ``asked`` says of each needed one what to write.

    Raises :class:`~models.errors.Invalid` with every field that is empty or endless.
    """
    given = {name: text.strip() for name, text in fields.items()}
    problems = {name: sentence for name, sentence in asked.items() if not given.get(name)}
    for name, text in given.items():
        if too_long := text_problem(text, limit):
            problems[name] = too_long
    if problems:
        raise Invalid(problems)
    return given


async def _closed_gate(snapshot: Snapshot, found: LoadedRelease, lacking: Sequence[Missing]) -> str:
    said = []
    for one in lacking:
        people = ""
        if one.who and found.service:
            people = await holder_names(snapshot.session, found.service, roles_that_answer(found.service, one.who))
        said.append(f"{one.what} ({people})" if people else one.what)
    return f"{found.release.identifier} cannot go on yet: {'; '.join(said)}."


async def check_may_take(work: UnitOfWork, actor: Actor, verb: Verb, release_id: int) -> str:
    """Whether ``actor`` could take ``verb`` now; gives the identifier. Raises what the use case would raise."""
    async with work.reading(actor) as snapshot:
        return (await load_for_verb(snapshot, verb, release_id)).release.identifier

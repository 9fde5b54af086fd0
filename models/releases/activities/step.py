"""Taking a release along a row of the lifecycle that has a gate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.catalog.document import Service
from models.errors import Invalid, Refused
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import LoadedRelease, load_for_verb, roles_that_answer
from models.lifecycle.lifecycle import State, Verb
from models.lifecycle.obstacle_codes import Code
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.activities import Activities
from models.lifecycle.tables.release import Release
from models.limits import TEXT_LIMIT
from models.people.holder_names import holder_names
from models.releases.activities.criteria.release_criteria import add_criteria
from models.releases.activities.gate_facts import gate_facts_of_release
from models.releases.activities.gates import GateFacts, Missing, missing_at
from models.releases.clearance.read_facts import opened_by, overrides_in_force
from models.text import text_problem
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Step:
    """A release that may take a row: the person may, and the gate is open."""

    loaded: LoadedRelease
    activities: Activities
    facts: GateFacts

    @property
    def release(self) -> Release:
        return self.loaded.release


async def begin_step(snapshot: Snapshot, verb: Verb, release_id: int) -> Step:
    """Load the release, locked in a transaction, and check state, person and gate for ``verb``.

    Raises :class:`~models.errors.Refused` naming who may, or what is missing and who can settle it.
    """
    loaded = await load_for_verb(snapshot, verb, release_id)
    activities = await activities_of(snapshot, loaded.release, loaded.service)
    facts = await gate_facts_of_release(snapshot.session, loaded.release, activities)
    row = lifecycle.check_state(verb, loaded.release.identifier, loaded.release.state)
    lacking = missing_at(row.gate, facts)
    if lacking and verb is Verb.START_DEPLOYMENT:
        opened = opened_by(await overrides_in_force(snapshot.session, loaded.release, snapshot.now))
        lacking = tuple(one for one in lacking if (Code.GATE.value, one.what) not in opened)
    if lacking:
        raise Refused(await _closed_gate(snapshot, loaded, lacking))
    return Step(loaded, activities, facts)


def take_step(tx: Transaction, step: Step, verb: Verb) -> State:
    """Move the release along ``verb`` and count the step; returns the new state."""
    step.activities.turns += 1
    return lifecycle.move(step.release, verb, tx.now)


def activity_event_facts(step: Step, actor: Actor) -> dict[str, Any]:
    release_id = step.loaded.id
    identifier = step.release.identifier
    return {"subject": release_id, "release_id": release_id, "identifier": identifier, "person": actor.person}


async def check_may_step(work: UnitOfWork, actor: Actor, verb: Verb, release_id: int) -> Step:
    """The release, if ``actor`` could take ``verb`` now. Raises what the use case would raise."""
    async with work.reading(actor) as snapshot:
        return await begin_step(snapshot, verb, release_id)


async def begin_activities(tx: Transaction, release: Release, service: Service | None) -> Activities:
    """Begin the activities of a release: copy the present criteria to it."""
    activities = Activities(release_id=release.id)
    tx.session.add(activities)
    add_criteria(tx, release, service)
    await tx.session.flush()
    return activities


async def activities_of(snapshot: Snapshot, release: Release, service: Service | None) -> Activities:
    """The activities of a release; a transaction begins them for one that has none."""
    activities = await snapshot.session.get(Activities, release.id)
    if activities is None and isinstance(snapshot, Transaction):
        return await begin_activities(snapshot, release, service)
    return activities or Activities(release_id=release.id)


def required_texts(fields: dict[str, str], prompts: dict[str, str], limit: int = TEXT_LIMIT) -> dict[str, str]:
    """The trimmed texts of a form; ``prompts`` names the required fields, each with what to say when it is empty.

    Raises :class:`~models.errors.Invalid` with every required field that is empty and every text over ``limit``.
    """
    given = {name: text.strip() for name, text in fields.items()}
    problems = {name: sentence for name, sentence in prompts.items() if not given.get(name)}
    for name, text in given.items():
        if too_long := text_problem(text, limit):
            problems[name] = too_long
    if problems:
        raise Invalid(problems)
    return given


async def _closed_gate(snapshot: Snapshot, loaded: LoadedRelease, lacking: Sequence[Missing]) -> str:
    parts = []
    for missing in lacking:
        people = ""
        if missing.roles and loaded.service:
            roles = roles_that_answer(loaded.service, missing.roles)
            without = await requesters_of(snapshot.session, loaded.release) if missing.apart else ()
            people = await holder_names(snapshot.session, loaded.service, roles, without=without)
        parts.append(f"{missing.what} ({people})" if people else missing.what)
    return f"{loaded.release.identifier} cannot go on yet: {'; '.join(parts)}."


async def check_may_take(work: UnitOfWork, actor: Actor, verb: Verb, release_id: int) -> str:
    """The identifier, if ``actor`` could take ``verb``, which has no gate. Raises what the use case would raise."""
    async with work.reading(actor) as snapshot:
        return (await load_for_verb(snapshot, verb, release_id)).release.identifier

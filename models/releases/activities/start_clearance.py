"""Clearance to start a deployment, with the gates of the activities: for everybody who asks before it starts."""

from models.catalog.document import Service
from models.lifecycle.access import LoadedRelease
from models.lifecycle.lifecycle import State, Verb, transition
from models.releases.activities.gate_facts import gate_facts_of_release
from models.releases.activities.gates import missing_at
from models.releases.activities.step import activities_of
from models.releases.clearance.facts import GateLack
from models.releases.clearance.judge import judge_clearance
from models.releases.clearance.obstacles import Asked, Clearance
from models.releases.clearance.read_facts import read_clearance_facts
from models.unit_of_work import Snapshot


async def clearance_to_start(
    snapshot: Snapshot, loaded: LoadedRelease, service: Service, *, difference: str = ""
) -> Clearance:
    """What stands in the way of deploying the release at this moment.

    ``difference`` says how what is to be deployed differs from what was approved; empty if it doesn't.
    """
    lacking = await gate_lacks(snapshot, loaded)
    facts = await read_clearance_facts(
        snapshot, loaded, service, Asked.START, lacking=lacking, difference=difference
    )
    return judge_clearance(facts)


async def gate_lacks(snapshot: Snapshot, loaded: LoadedRelease) -> tuple[GateLack, ...]:
    release = loaded.release
    row = transition(Verb.START_DEPLOYMENT, release.state)
    if row is None:
        return (GateLack(f"{release.identifier} is {State(release.state).words}"),)
    activities = await activities_of(snapshot, release, loaded.service)
    facts = await gate_facts_of_release(snapshot.session, release, activities)
    return tuple(GateLack(one.what, one.roles) for one in missing_at(row.gate, facts))

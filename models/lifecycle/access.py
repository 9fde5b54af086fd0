"""Loading a release to move it on, with the question whether this person may."""

from dataclasses import dataclass

from models.catalog.document import Catalog, Service
from models.catalog.roles import REQUESTER, answerable_role, role_choice
from models.errors import Refused
from models.lifecycle import lifecycle
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import Verb
from models.lifecycle.tables.release import Release
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.unit_of_work import Snapshot


@dataclass(frozen=True, slots=True)
class LoadedRelease:
    """A release, its service (None when the catalog dropped it) and the catalog."""

    release: Release
    service: Service | None
    catalog: Catalog

    @property
    def id(self) -> int:
        """The release's id."""
        return self.release.id


def roles_that_answer(service: Service | None, who: tuple[str, ...]) -> tuple[str, ...]:
    """The roles that answer in ``service`` for those that a row names; one that nobody holds falls to others."""
    if service is None:
        return who
    return tuple(dict.fromkeys(name if name == REQUESTER else answerable_role(service, name) for name in who))


async def load_to(snapshot: Snapshot, verb: Verb, release_id: int) -> LoadedRelease:
    """The release, locked in a transaction, when the actor may take ``verb`` now.

    Raises :class:`~models.errors.Refused` when the state does not allow it or the person may not, naming who may.
    """
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    service = catalog.by_key.get(release.service)
    row = lifecycle.check_state(verb, release.identifier, release.state)
    roles = await roles_of(snapshot.session, service, snapshot.actor.person) if service else frozenset()
    asked = roles_that_answer(service, row.who)
    if not lifecycle.may(row, person=snapshot.actor.person, requester=release.requester, roles=roles, asked=asked):
        raise Refused(await _who_may(snapshot, release, service, row))
    return LoadedRelease(release, service, catalog)


async def _who_may(snapshot: Snapshot, release: Release, service: Service | None, row: lifecycle.Transition) -> str:
    if service is None:
        return f"{release.identifier} belongs to a service that is no longer in the catalog; its requester may."
    asked = roles_that_answer(service, row.who)
    named = [name for name in asked if name != REQUESTER]
    if row.apart and snapshot.actor.person == release.requester:
        others = await holder_names(snapshot.session, service, named, without=(release.requester,))
        return f"You requested {release.identifier}, so somebody else has to decide here: {others}."
    people = await holder_names(snapshot.session, service, named)
    return f"This is for the {role_choice(asked)} of {release.identifier}: {people}."

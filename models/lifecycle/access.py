"""Loading a release for a verb, if this person may take it."""

from dataclasses import dataclass

from models.catalog.document import Catalog, Service
from models.catalog.roles import NEWER_REQUESTER, REQUESTER, answerable_role, role_choice
from models.errors import Refused, Stale
from models.lifecycle import lifecycle
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import Verb
from models.lifecycle.requesters import part_in, requesters_of
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
        return self.release.id


def roles_that_answer(service: Service | None, who: tuple[str, ...]) -> tuple[str, ...]:
    """The roles that answer in ``service`` for those that a row of the lifecycle names.

    A role that nobody holds falls to others: docs/process.md#roles.
    """
    if service is None:
        return who
    return tuple(
        dict.fromkeys(
            name if name in (REQUESTER, NEWER_REQUESTER) else answerable_role(service, name) for name in who
        )
    )


def holders_that_answer(service: Service | None, who: tuple[str, ...]) -> tuple[str, ...]:
    """The people and user groups in the roles that answer for ``who``, as Slack ids; none without a service."""
    if service is None:
        return ()
    roles = roles_that_answer(service, who)
    return tuple(dict.fromkeys(holder for role in roles for holder in service.holders(role)))


def check_round(identifier: str, round_: int, seen: int) -> None:
    """Raise :class:`~models.errors.Stale` unless the release is still in the round that the person saw."""
    if round_ != seen:
        raise Stale(f"{identifier} has changed since this was shown. Read its card again, then decide.")


async def load_for_verb(snapshot: Snapshot, verb: Verb, release_id: int) -> LoadedRelease:
    """The release, locked in a transaction.

    Raises :class:`~models.errors.Refused` if its state doesn't allow ``verb`` or the actor may not, naming who may.
    """
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    service = catalog.by_key.get(release.service)
    row = lifecycle.check_state(verb, release.identifier, release.state)
    roles = await roles_of(snapshot.session, service, snapshot.actor.person) if service else frozenset()
    entitled = roles_that_answer(service, row.who)
    apart = await requesters_of(snapshot.session, release) if row.apart else frozenset()
    if not lifecycle.may(
        row,
        person=snapshot.actor.person,
        requester=release.requester,
        authors=apart,
        roles=roles,
        entitled=entitled,
    ):
        raise Refused(await _who_may(snapshot, release, service, row, apart))
    return LoadedRelease(release, service, catalog)


async def _who_may(
    snapshot: Snapshot,
    release: Release,
    service: Service | None,
    row: lifecycle.Transition,
    apart: frozenset[str],
) -> str:
    """``apart`` are those for whom it never is."""
    if service is None:
        return f"{release.identifier} belongs to a service that is no longer in the catalog; its requester may."
    entitled = roles_that_answer(service, row.who)
    roles = [name for name in entitled if name != REQUESTER]
    people = await holder_names(snapshot.session, service, roles, without=apart)
    if snapshot.actor.person in apart:
        part = part_in(snapshot.actor.person, release.requester, release.identifier)
        doing = "break the glass" if row.verb is Verb.BREAK_GLASS else "decide here"
        return f"{part}, so somebody else has to {doing}: {people}."
    return f"This is for the {role_choice(entitled)} of {release.identifier}: {people}."

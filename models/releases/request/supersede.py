"""Superseding a release: it ends in favour of a newer one of its service (docs/process.md#superseding)."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col, select

from models.catalog.document import Service
from models.catalog.roles import RELEASE_MANAGER
from models.environments.statuses import BOOKED, WAITING
from models.environments.tables import Booking
from models.errors import Invalid, Refused
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import STOPPED, State, Verb
from models.lifecycle.release_choices import CHOICES_LIMIT, ReleaseChoice
from models.lifecycle.tables.release import Release
from models.limits import TEXT_LIMIT
from models.packages.dependents import keys_brought, redraw_releases_after
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.policy.collision_findings import refresh_collisions
from models.releases.request.events import ReleaseSuperseded, ReleaseSupersedes
from models.text import too_long
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Supersedable:
    """A release, and the newer ones, the newest first, that the person may put in its place."""

    id: int
    identifier: str
    title: str
    choices: tuple[ReleaseChoice, ...]


@dataclass(frozen=True, slots=True)
class Superseded:
    identifier: str
    newer: str


def supersede_problem(older: Release, newer: Release) -> str:
    """Why ``newer`` can't take the place of ``older``; empty when it can."""
    if newer.id == older.id:
        return f"{older.identifier} can't take its own place. Name the newer release."
    if newer.service != older.service:
        return f"{newer.identifier} is a release of {newer.service}, and {older.identifier} one of {older.service}."
    if newer.id < older.id:
        return f"{newer.identifier} is older than {older.identifier}. Only a newer release can take its place."
    if newer.state in STOPPED:
        return f"{newer.identifier} is {State(newer.state).words}, so it can't take the place of another."
    return ""


async def check_may_supersede(work: UnitOfWork, actor: Actor, release_id: int) -> Supersedable:
    """What ``actor`` could put in the place of the release.

    Raises :class:`~models.errors.Refused` when it is too late, when there is nothing newer, and when nothing newer
    is theirs.
    """
    async with work.reading(actor) as snapshot:
        release = await load_release(snapshot.session, release_id)
        lifecycle.check_state(Verb.SUPERSEDE, release.identifier, release.state)
        service = (await snapshot.catalog()).by_key.get(release.service)
        newer = await newer_releases(snapshot, release)
        if not newer:
            raise Refused(
                f"No release of {release.service} is newer than {release.identifier}. Request the newer one first."
            )
        if not await _manages(snapshot, service):
            newer = [one for one in newer if one.requester == actor.person]
        if not newer:
            raise Refused(await _not_for_them(snapshot, service, release))
        choices = tuple(ReleaseChoice(one.id, one.identifier, one.title) for one in newer)
        return Supersedable(release.id, release.identifier, release.title, choices)


async def may_supersede(snapshot: Snapshot, release: Release, person: str, roles: frozenset[str]) -> bool:
    """Whether ``person``, who holds ``roles``, could put a newer release in the place of ``release``."""
    service = (await snapshot.catalog()).by_key.get(release.service)
    newer = await newer_releases(snapshot, release)
    if not roles.isdisjoint(roles_that_answer(service, (RELEASE_MANAGER,))):
        return bool(newer)
    return any(one.requester == person for one in newer)


async def newer_releases(snapshot: Snapshot, release: Release) -> list[Release]:
    """The releases that can take the place of ``release``, the newest first."""
    query = select(Release).where(
        col(Release.service) == release.service,
        col(Release.id) > release.id,
        col(Release.state).not_in(STOPPED),
    )
    return list((await snapshot.session.exec(query.order_by(col(Release.id).desc()).limit(CHOICES_LIMIT))).all())


async def supersede_release(
    work: UnitOfWork, actor: Actor, release_id: int, newer_id: int, reason: str = ""
) -> Superseded:
    """Cancel a release in favour of the newer one; its bookings of environments go to that. Twice is once.

    Raises :class:`~models.errors.Refused` when it is too late, when the other can't take its place, and for people
    who neither requested that nor are release manager; :class:`~models.errors.Invalid` for a reason too long.
    """
    given = reason.strip()
    if len(given) > TEXT_LIMIT:
        raise Invalid({"reason": too_long(given, TEXT_LIMIT)})
    async with work(actor) as tx:
        release = await load_release(tx.session, release_id, lock=True)
        newer = await load_release(tx.session, newer_id)
        if release.superseded_by == newer.id:
            return Superseded(release.identifier, newer.identifier)
        lifecycle.check_state(Verb.SUPERSEDE, release.identifier, release.state)
        problem = supersede_problem(release, newer)
        if problem:
            raise Refused(problem)
        await tx.lock(Release, newer_id)
        await tx.session.refresh(newer)
        catalog = await tx.catalog()
        service = catalog.by_key.get(release.service)
        if actor.person != newer.requester and not await _manages(tx, service):
            raise Refused(await _not_for_them(tx, service, release, newer))
        if problem := supersede_problem(release, newer):
            raise Refused(problem)
        lifecycle.move(release, Verb.SUPERSEDE, tx.now)
        release.superseded_by = newer.id
        if release.approved_at is not None:
            brings = await keys_brought(tx, release.id)
            await redraw_releases_after(tx, catalog, release.id, brings, release.window_start)
        await refresh_collisions(tx, catalog, release)
        bookings = await _pass_bookings_on(tx, release, newer)
        _record(tx, release, newer, given, bookings)
        return Superseded(release.identifier, newer.identifier)


async def _manages(snapshot: Snapshot, service: Service | None) -> bool:
    if service is None:
        return False
    roles = await roles_of(snapshot.session, service, snapshot.actor.person)
    return not roles.isdisjoint(roles_that_answer(service, (RELEASE_MANAGER,)))


async def _not_for_them(
    snapshot: Snapshot, service: Service | None, release: Release, newer: Release | None = None
) -> str:
    also = (newer.requester,) if newer else ()
    if service is None:
        return f"{release.identifier} belongs to a service that is no longer in the catalog."
    people = await holder_names(
        snapshot.session, service, roles_that_answer(service, (RELEASE_MANAGER,)), also=also
    )
    whose = f"the requester of {newer.identifier}" if newer else "whoever requested a newer release"
    return f"Superseding {release.identifier} is for {whose} and the release manager: {people}."


async def _pass_bookings_on(tx: Transaction, release: Release, newer: Release) -> int:
    """What is booked or waited for goes to the newer release, which needs it instead; returns how many."""
    live = update(Booking).where(
        col(Booking.release_id) == release.id,
        col(Booking.status).in_((WAITING, BOOKED)),
        col(Booking.end_at) > tx.now,
    )
    result = await tx.session.exec(live.values(release_id=newer.id).execution_options(synchronize_session=False))
    return int(result.rowcount)


def _record(tx: Transaction, release: Release, newer: Release, reason: str, bookings: int) -> None:
    person = tx.actor.person
    tx.record(
        ReleaseSuperseded(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            grounds=reason,
            newer=newer.identifier,
            newer_id=newer.id,
            bookings=bookings,
            person=person,
            requester=release.requester,
        )
    )
    tx.record(
        ReleaseSupersedes(
            subject=newer.id,
            release_id=newer.id,
            identifier=newer.identifier,
            older=release.identifier,
            older_id=release.id,
            bookings=bookings,
            person=person,
        )
    )

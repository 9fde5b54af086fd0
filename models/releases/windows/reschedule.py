"""A new window for a release that missed its own: an edit of the window, so everybody approves again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.errors import Invalid, Refused
from models.events import Actor
from models.lifecycle.access import LoadedRelease, roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Release
from models.lifecycle.window_state import MISSABLE
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.policy.free_windows import FreeWindow, free_windows
from models.releases.policy.rules.facts import PolicyFacts
from models.releases.policy.surroundings import items_of_release, surroundings
from models.releases.request.change_content import EditedRelease
from models.releases.request.edit import MOVERS, as_requested, edit_release, may_move_window
from models.releases.request.form import RequestForm
from models.releases.request.judging import lead_time_begins
from models.unit_of_work import Snapshot, UnitOfWork


@dataclass(frozen=True, slots=True)
class Reschedulable:
    """A release, and the next free windows of its window's length."""

    id: int
    identifier: str
    round: int
    free: tuple[FreeWindow, ...]


async def check_may_reschedule(work: UnitOfWork, actor: Actor, release_id: int) -> Reschedulable:
    """Raises :class:`~models.errors.Refused` when ``actor`` may not move the window now."""
    async with work.reading(actor) as snapshot:
        loaded = await _load(snapshot, release_id)
        return Reschedulable(
            loaded.id, loaded.release.identifier, loaded.release.round, await _free(snapshot, loaded)
        )


async def reschedule(
    work: UnitOfWork, actor: Actor, release_id: int, round_: int, start: datetime | None, end: datetime | None
) -> EditedRelease:
    """Move the window. Raises what :func:`~models.releases.request.edit.edit_release` raises.

    A problem of the window is one of the field ``window``.
    """
    async with work.reading(actor) as snapshot:
        loaded = await _load(snapshot, release_id)
        fields: dict[str, Any] = as_requested(loaded.release)
    form = RequestForm(**{**fields, "window_start": start, "window_end": end})
    try:
        return await edit_release(work, actor, release_id, round_, form, moves_window=True)
    except Invalid as wrong:
        raise Invalid({"window": " ".join(wrong.problems.values())}) from None


async def _free(snapshot: Snapshot, loaded: LoadedRelease) -> tuple[FreeWindow, ...]:
    release, service = loaded.release, loaded.service
    if service is None:
        return ()
    length = release.window_end - release.window_start
    facts = PolicyFacts(
        catalog=loaded.catalog,
        service=service,
        requester=release.requester,
        requested_at=lead_time_begins(release, release.type, snapshot.now, snapshot.now),
        type=release.type,
        method=release.method,
        start=snapshot.now,
        end=snapshot.now + length,
        items=await items_of_release(snapshot.session, release.id),
    )
    return tuple(free_windows(facts, await surroundings(snapshot.session, facts, release.id, snapshot.now)))


async def _load(snapshot: Snapshot, release_id: int) -> LoadedRelease:
    release = await load_release(snapshot.session, release_id)
    catalog = await snapshot.catalog()
    loaded = LoadedRelease(release, catalog.by_key.get(release.service), catalog)
    if release.state not in MISSABLE:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so its window can't be moved.")
    if not await may_reschedule(snapshot, loaded, release):
        people = ""
        if loaded.service:
            roles = roles_that_answer(loaded.service, MOVERS)
            people = f", {await holder_names(snapshot.session, loaded.service, roles)}"
        raise Refused(f"{release.identifier} is rescheduled by whoever requested it{people}.")
    return loaded


async def may_reschedule(snapshot: Snapshot, loaded: LoadedRelease, release: Release) -> bool:
    if snapshot.actor.person == release.requester:
        return True
    if loaded.service is None:
        return False
    held = await roles_of(snapshot.session, loaded.service, snapshot.actor.person)
    return may_move_window(release, loaded.service, held)

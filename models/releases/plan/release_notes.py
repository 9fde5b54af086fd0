"""Technical release notes: drafted from the release, edited by people, posted into its thread."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import Invalid, NotFound, Stale
from models.events import Actor
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.plan import ReleaseNotes
from models.limits import NOTES_LIMIT
from models.packages.delivered import DeliveredItem, delivered_items
from models.people.directory import name_of
from models.releases.plan.access import PlanAccess, check_may_write_notes, load_plan_access
from models.releases.plan.events import ReleaseNotesPosted, ReleaseNotesSaved
from models.support.tables import KnownError
from models.text import text_problem
from models.unit_of_work import Transaction, UnitOfWork

KNOWN_ERRORS_NAMED = 10


@dataclass(frozen=True, slots=True)
class DraftKnownError:
    """A known error in a draft; ``workaround`` is empty when there is none."""

    number: str
    title: str
    workaround: str


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What a draft is written from; the window is in the service's time zone."""

    identifier: str
    title: str
    description: str
    service: str
    changes: tuple[str, ...]
    method: str
    window_start: datetime
    window_end: datetime
    zone: str
    back_out_plan: str
    known_errors: tuple[DraftKnownError, ...]
    delivered: tuple[DeliveredItem, ...] = ()


@dataclass(frozen=True, slots=True)
class NotesToEdit:
    """The ``text`` of the last ``version``, or, when there is none (version 0), the ``draft`` to begin with."""

    release_id: int
    identifier: str
    version: int
    text: str
    posted_at: datetime | None
    draft: DraftFacts | None


@dataclass(frozen=True, slots=True)
class NotesVersion:
    identifier: str
    title: str
    version: int
    text: str
    author: str
    at: datetime


async def notes_to_edit(work: UnitOfWork, actor: Actor, release_id: int) -> NotesToEdit:
    """The notes of a release to edit. Raises :class:`~models.errors.Refused` when the actor may not edit them."""
    async with work.reading() as snapshot:
        access = await load_plan_access(snapshot, actor.person, release_id)
        await check_may_write_notes(snapshot.session, access)
        newest = await _newest(snapshot.session, release_id)
        draft = None if newest else await _draft_facts(snapshot.session, access)
    return NotesToEdit(
        release_id=release_id,
        identifier=access.release.identifier,
        version=newest.version if newest else 0,
        text=newest.text if newest else "",
        posted_at=newest.posted_at if newest else None,
        draft=draft,
    )


async def save_notes(
    work: UnitOfWork,
    actor: Actor,
    release_id: int,
    text: str,
    seen: int,
    *,
    post: bool = False,
) -> int:
    """Save ``text`` as the next version and, with ``post``, post it into the release's thread; returns the version.

    The same text makes no new version, and no version is posted twice. Raises :class:`~models.errors.Invalid` for
    empty or too long notes, :class:`~models.errors.Refused` when the person may not,
    :class:`~models.errors.Stale` when somebody saved a version after ``seen``.
    """
    async with work(actor) as tx:
        access = await load_plan_access(tx, actor.person, release_id)
        await check_may_write_notes(tx.session, access)
        written = _checked_notes(text)
        newest = await _newest(tx.session, release_id)
        if newest is None or newest.text != written:
            newest = await _add_version(tx, access, written, newest, seen)
        if post and newest.posted_at is None:
            newest.posted_at = tx.now
            identifier, version = access.release.identifier, newest.version
            tx.record(
                ReleaseNotesPosted(
                    subject=release_id, release_id=release_id, identifier=identifier, version=version
                )
            )
        return newest.version


async def notes_version(session: AsyncSession, release_id: int, version: int) -> NotesVersion:
    """One version of a release's notes. Raises :class:`~models.errors.NotFound` for none."""
    release = await load_release(session, release_id)
    query = select(ReleaseNotes).where(
        col(ReleaseNotes.release_id) == release_id, col(ReleaseNotes.version) == version
    )
    notes = (await session.exec(query)).first()
    if notes is None:
        raise NotFound(f"{release.identifier} has no release notes of version {version}.")
    author = await name_of(session, notes.author)
    return NotesVersion(release.identifier, release.title, version, notes.text, author, notes.at)


async def _add_version(
    tx: Transaction, access: PlanAccess, text: str, newest: ReleaseNotes | None, seen: int
) -> ReleaseNotes:
    last = newest.version if newest else 0
    if newest is not None and last != seen:
        by = await name_of(tx.session, newest.author)
        raise Stale(f"{by} saved version {last} meanwhile. Keep your text elsewhere and open the notes again.")
    notes = ReleaseNotes(release_id=access.id, version=last + 1, text=text, author=tx.actor.person, at=tx.now)
    tx.session.add(notes)
    identifier = access.release.identifier
    tx.record(
        ReleaseNotesSaved(subject=access.id, release_id=access.id, identifier=identifier, version=notes.version)
    )
    return notes


def _checked_notes(text: str) -> str:
    written = text.strip()
    if not written:
        raise Invalid({"notes": "Say what changes, or close the form."})
    if len(written) > NOTES_LIMIT:
        raise Invalid({"notes": text_problem(written, NOTES_LIMIT)})
    return written


async def _newest(session: AsyncSession, release_id: int) -> ReleaseNotes | None:
    query = select(ReleaseNotes).where(col(ReleaseNotes.release_id) == release_id)
    return (await session.exec(query.order_by(col(ReleaseNotes.version).desc()).limit(1))).first()


async def _draft_facts(session: AsyncSession, access: PlanAccess) -> DraftFacts:
    release, zone = access.release, access.catalog.zone(access.service)
    query = select(KnownError).where(
        col(KnownError.service) == release.service, col(KnownError.status) != "resolved"
    )
    errors = (await session.exec(query.order_by(col(KnownError.id).desc()).limit(KNOWN_ERRORS_NAMED))).all()
    return DraftFacts(
        identifier=release.identifier,
        title=release.title,
        description=release.description,
        service=access.catalog.service_name(release.service),
        changes=tuple(release.changes),
        method=release.method,
        window_start=release.window_start.astimezone(zone),
        window_end=release.window_end.astimezone(zone),
        zone=str(zone),
        back_out_plan=release.back_out_plan,
        known_errors=tuple(DraftKnownError(row.number, row.title, row.workaround.strip()) for row in errors),
        delivered=await delivered_items(session, access.catalog, access.id),
    )

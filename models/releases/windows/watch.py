"""Telling people of windows that are ahead, missed or overrun: once each, however late."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import outbox
from models.catalog.document import Catalog, Service
from models.catalog.roles import DEPLOYERS, RELEASE_MANAGER
from models.lifecycle.access import holders_that_answer
from models.lifecycle.message_keys import window_key
from models.lifecycle.tables.clearance import WindowWatch
from models.lifecycle.tables.plan import PlanTask, SustainingPerson
from models.lifecycle.tables.release import Deployment, Release
from models.lifecycle.window_state import WATCHED, deployment_end
from models.releases.plan.owners import owners
from models.releases.windows.due import BEFORE, WatchedWindow, WindowDue, window_due
from models.releases.windows.events import PastWindowsListed, WindowAhead, WindowMissed, WindowOverrun
from models.unit_of_work import Transaction

BATCH = 50
"""Releases looked at in one transaction."""

DAY_PHASES = ("implementation", "verification", "back-out")
"""What is done on the day itself."""


async def watch_windows(tx: Transaction, catalog: Catalog) -> int:
    """Tell what is due about one batch of windows. Returns how many; call again while that is :data:`BATCH`."""
    due = await _lock_due(tx)
    query = select(Release, WindowWatch).outerjoin(WindowWatch, col(WindowWatch.release_id) == col(Release.id))
    rows = (await tx.session.exec(query.where(col(Release.id).in_(due)).order_by(col(Release.id)))).all()
    for release, row in rows:
        await _watch(tx, catalog, release, row)
    return len(due)


async def next_window_at(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, something is due next about a window, if anything is."""
    watched = (
        select(func.min(WindowWatch.next_at))
        .join(Release, col(Release.id) == col(WindowWatch.release_id))
        .where(col(WindowWatch.next_at) > now, col(Release.state).in_(WATCHED))
    )
    begins = (
        select(func.min(Release.window_start))
        .outerjoin(WindowWatch, col(WindowWatch.release_id) == col(Release.id))
        .where(
            _unwatched(),
            col(Release.state).in_(WATCHED),
            col(Release.window_start) > now + BEFORE,
        )
    )
    first = (await session.exec(watched)).one()
    start: datetime | None = (await session.exec(begins)).one()
    moments = (first, None if start is None else start - BEFORE)
    return min((moment for moment in moments if moment is not None), default=None)


async def list_past_windows(tx: Transaction, catalog: Catalog) -> int:
    """List the windows that were past at the upgrade, once for each channel. Returns how many channels."""
    query = (
        select(WindowWatch, Release)
        .join(Release, col(Release.id) == col(WindowWatch.release_id))
        .where(col(WindowWatch.quiet).is_(True), col(WindowWatch.listed_at).is_(None))
        .order_by(col(Release.window_end), col(Release.id))
        .with_for_update(of=WindowWatch, skip_locked=True)
    )
    by_channel: dict[str, list[int]] = {}
    for row, release in (await tx.session.exec(query)).all():
        row.listed_at = tx.now
        service = catalog.by_key.get(release.service)
        if service and release.state in WATCHED:
            by_channel.setdefault(service.channel, []).append(release.id)
    for channel, releases in by_channel.items():
        tx.record(PastWindowsListed(subject=channel, channel=channel, releases=tuple(releases)))
    return len(by_channel)


async def _lock_due(tx: Transaction) -> list[int]:
    """The releases about whose windows something is due, or whose window nobody has looked at yet."""
    new = and_(_unwatched(), col(Release.window_start) <= tx.now + BEFORE)
    query = (
        select(Release.id)
        .outerjoin(WindowWatch, col(WindowWatch.release_id) == col(Release.id))
        .where(
            col(Release.state).in_(WATCHED),
            or_(new, and_(col(WindowWatch.next_at) <= tx.now, col(WindowWatch.quiet).is_(False))),
        )
        .order_by(col(Release.id))
        .limit(BATCH)
        .with_for_update(of=Release, skip_locked=True)
    )
    return list((await tx.session.exec(query)).all())


def _unwatched() -> ColumnElement[bool]:
    """Nobody has looked at the release's window, or it has moved since."""
    return or_(
        col(WindowWatch.release_id).is_(None),
        col(WindowWatch.window_start) != col(Release.window_start),
        col(WindowWatch.window_end) != col(Release.window_end),
    )


async def _watch(tx: Transaction, catalog: Catalog, release: Release, row: WindowWatch | None) -> None:
    row = _row_of_window(tx, release, row)
    service = catalog.by_key.get(release.service)
    window = WatchedWindow(
        state=release.state,
        start=release.window_start,
        end=deployment_end(release),
        next_at=row.next_at,
        soon_at=row.soon_at,
        missed_at=row.missed_at,
        overrun=row.overrun,
    )
    due = window_due(window, tx.now, catalog.zone(service))
    row.next_at = due.next_at if service else None
    if service:
        await _tell(tx, service, release, row, due)


def _row_of_window(tx: Transaction, release: Release, row: WindowWatch | None) -> WindowWatch:
    """The row, begun again with a new window; notices are counted on, because each is a message of its own."""
    if row is None:
        row = WindowWatch(release_id=release.id, window_start=release.window_start, window_end=release.window_end)
        tx.session.add(row)
    elif (row.window_start, row.window_end) != (release.window_start, release.window_end):
        row.window_start, row.window_end = release.window_start, release.window_end
        row.next_at = row.soon_at = row.missed_at = None
        row.overrun, row.quiet = 0, False
    return row


async def _tell(tx: Transaction, service: Service, release: Release, row: WindowWatch, due: WindowDue) -> None:
    about = {
        "subject": release.id,
        "release_id": release.id,
        "identifier": release.identifier,
        "channel": service.channel,
    }
    if due.soon:
        row.soon_at = tx.now
        people = await _people_of_the_day(tx, service, release)
        tx.record(WindowAhead(**about, mentions=people, starts=release.window_start.isoformat()))  # type: ignore[arg-type]
        return
    if not (due.missed or due.overrunning):
        return
    row.told += 1
    facts = {**about, "count": row.told, "ends": deployment_end(release).isoformat()}
    if due.missed:
        row.missed_at = row.missed_at or tx.now
        movers = (release.requester, *holders_that_answer(service, (RELEASE_MANAGER,)))
        tx.record(WindowMissed(**facts, mentions=tuple(dict.fromkeys(movers))))  # type: ignore[arg-type]
    else:
        row.overrun += 1
        deployers = (*await _deployer(tx, release), *holders_that_answer(service, DEPLOYERS))
        tx.record(WindowOverrun(**facts, mentions=tuple(dict.fromkeys(deployers))))  # type: ignore[arg-type]
    if row.told > 1:
        await outbox.want_again(tx.session, [window_key(release.id, row.told - 1)], tx.now)


async def _people_of_the_day(tx: Transaction, service: Service, release: Release) -> tuple[str, ...]:
    """Those who deploy, who keep the service running, and who own what is left to do on the day."""
    sustaining = select(SustainingPerson.person).where(col(SustainingPerson.release_id) == release.id)
    tasks = select(PlanTask).where(
        col(PlanTask.release_id) == release.id, col(PlanTask.done_at).is_(None), col(PlanTask.phase).in_(DAY_PHASES)
    )
    owned = [one for task in (await tx.session.exec(tasks)).all() for one in owners(service, task)]
    deployers = holders_that_answer(service, DEPLOYERS)
    return tuple(dict.fromkeys((*deployers, *(await tx.session.exec(sustaining)).all(), *owned)))


async def _deployer(tx: Transaction, release: Release) -> Sequence[str]:
    """Who started the deployment that is under way."""
    query = select(Deployment.reported_by).where(
        col(Deployment.release_id) == release.id, col(Deployment.ended_at).is_(None)
    )
    started_by = (await tx.session.exec(query.order_by(col(Deployment.id).desc()).limit(1))).first()
    return (started_by,) if started_by and started_by.startswith(("U", "W")) else ()

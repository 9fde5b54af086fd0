"""Records of environments and bookings for people to read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.catalog.document import Catalog, Environment
from models.environments.allocation import held_use, own_time, where_booked, where_held
from models.environments.arbiters import arbiter_names, arbiters, manager_of
from models.environments.contents import contents, stated_test_data
from models.environments.records import BookingRecord, EnvironmentRecord, EnvironmentUse, TestData
from models.environments.statuses import BOOKED, ENDED, WAITING
from models.environments.tables import Booking
from models.errors import NotFound
from models.lifecycle.tables.release import Release
from models.limits import MENU_LIMIT
from models.people.directory import names, person_and_groups
from models.time.spans import say_span

BookingRecords = tuple[BookingRecord, ...]


async def booking_record(session: AsyncSession, catalog: Catalog, booking_id: int, now: datetime) -> BookingRecord:
    """Raises :class:`~models.errors.NotFound`."""
    row = await session.get(Booking, booking_id)
    if row is None:
        raise NotFound("This booking is not in the database any more.")
    return (await booking_records(session, catalog, [row], now))[0]


async def booking_records(
    session: AsyncSession, catalog: Catalog, rows: Sequence[Booking], now: datetime
) -> list[BookingRecord]:
    people = {row.holder for row in rows} | {row.decided_by for row in rows if row.decided_by}
    called = await names(session, people)
    releases = await _identifiers(session, rows)
    return [_record(row, catalog, called, releases, now) for row in rows]


async def bookings_by_id(
    session: AsyncSession, catalog: Catalog, ids: Sequence[int], now: datetime
) -> list[BookingRecord]:
    """The earliest first."""
    rows = (await session.exec(select(Booking).where(col(Booking.id).in_(ids)))).all()
    return sorted(await booking_records(session, catalog, rows, now), key=lambda one: (one.takes, one.id))


async def to_give_back(
    session: AsyncSession, catalog: Catalog, environment: Environment, person: str, now: datetime
) -> tuple[list[BookingRecord], list[BookingRecord]]:
    """The bookings and requests that ``person`` may give back: their own, and those of others."""
    query = _open(environment.key, now).order_by(col(Booking.start_at), col(Booking.id)).limit(MENU_LIMIT)
    mine = (await session.exec(query.where(Booking.holder == person))).all()
    others: Sequence[Booking] = ()
    if person in await arbiters(session, catalog, environment.key):
        others = (await session.exec(query.where(Booking.holder != person))).all()[: MENU_LIMIT - len(mine)]
    return (
        await booking_records(session, catalog, mine, now),
        await booking_records(session, catalog, others, now),
    )


async def open_bookings(
    session: AsyncSession, catalog: Catalog, environment: Environment, now: datetime, offset: int, limit: int
) -> tuple[list[BookingRecord], int]:
    """A page of an environment's bookings and requests, the earliest first, and their number."""
    query = _open(environment.key, now)
    count = (await session.exec(select(func.count()).select_from(query.subquery()))).one()
    page = query.order_by(col(Booking.start_at), col(Booking.id)).offset(offset).limit(limit)
    return await booking_records(session, catalog, (await session.exec(page)).all(), now), count


async def people_of_booking(session: AsyncSession, booking_id: int) -> set[str]:
    """Everybody whose name the messages about a booking may show."""
    row = await session.get(Booking, booking_id)
    if row is None:
        return set()
    open_ones = select(Booking.holder).where(
        Booking.environment == row.environment, col(Booking.status).in_((BOOKED, WAITING))
    )
    decided = {row.decided_by} if row.decided_by else set()
    return {row.holder, *row.asked, *decided, *(await session.exec(open_ones)).all()}


async def requests_to_arbitrate(session: AsyncSession, catalog: Catalog, person: str) -> int:
    """How many requests wait for ``person`` to arbitrate, apart from those with an offer that isn't answered."""
    if person in catalog.barred:
        return 0
    subjects = await person_and_groups(session, person)
    keys = [one.key for one in catalog.environments if manager_of(catalog, one.key) in subjects]
    if not keys:
        return 0
    waiting = (
        col(Booking.environment).in_(keys),
        Booking.status == WAITING,
        col(Booking.held_until).is_(None),
    )
    return (await session.exec(select(func.count()).select_from(Booking).where(*waiting))).one()


async def offers_to_answer(session: AsyncSession, person: str, now: datetime) -> int:
    """How many offers wait for an answer from ``person``."""
    query = select(func.count()).select_from(Booking).where(Booking.holder == person, where_held(now))
    return (await session.exec(query)).one()


async def environment_use(
    session: AsyncSession, catalog: Catalog, environment: Environment, now: datetime, limit: int
) -> EnvironmentUse:
    """Up to ``limit`` bookings of each kind."""
    here = Booking.environment == environment.key
    order = (col(Booking.start_at), col(Booking.id))

    async def part(*where: ColumnElement[bool], by: tuple[Any, ...] = order) -> tuple[BookingRecords, int]:
        count = (await session.exec(select(func.count()).select_from(Booking).where(here, *where))).one()
        if not count:
            return (), 0
        rows = (await session.exec(select(Booking).where(here, *where).order_by(*by).limit(limit))).all()
        return tuple(await booking_records(session, catalog, rows, now)), count

    current, now_count = await part(where_booked(now), col(Booking.start_at) <= now)
    following, next_count = await part(where_booked(now), col(Booking.start_at) > now)
    offered, held_count = await part(where_held(now), by=(col(Booking.proposed_start), col(Booking.id)))
    begun = (
        select(func.count()).select_from(Booking).where(here, where_held(now), col(Booking.proposed_start) <= now)
    )
    queue, waiting_count = await part(
        col(Booking.status) == WAITING, by=(col(Booking.requested_at), col(Booking.id))
    )
    return EnvironmentUse(
        key=environment.key,
        name=environment.name,
        production=environment.production,
        capacity=environment.capacity,
        taken=now_count + (await session.exec(begun)).one(),
        now=current,
        now_count=now_count,
        next=following,
        next_count=next_count,
        held=offered,
        held_count=held_count,
        waiting=queue,
        waiting_count=waiting_count,
    )


async def environment_record(
    session: AsyncSession, catalog: Catalog, found: Environment, now: datetime, limit: int
) -> EnvironmentRecord:
    """Up to ``limit`` bookings of each kind."""
    use = await environment_use(session, catalog, found, now, limit)
    return EnvironmentRecord(
        use=use,
        manager_name=await arbiter_names(session, catalog, found.key),
        max_booking=say_span(found.max_booking) if found.max_booking else "",
        test_data=await current_test_data(session, catalog, found.key, now),
        asked_for=tuple(one for one in use.now if one.versions),
        contents=tuple(await contents(session, catalog, found.key)),
    )


async def current_test_data(session: AsyncSession, catalog: Catalog, key: str, now: datetime) -> TestData | None:
    """The test data that somebody stated last, or that a booking which began later asks for."""
    query = select(Booking).where(
        Booking.environment == key,
        col(Booking.status).in_((BOOKED, ENDED)),
        col(Booking.start_at) <= now,
        Booking.test_data != "",
    )
    latest = query.order_by(col(Booking.start_at).desc(), col(Booking.id).desc()).limit(1)
    row = (await session.exec(latest)).first()
    last = await stated_test_data(session, key)
    if last and (row is None or last.since >= row.start_at):
        who = last.said_by or ""
        called = (await names(session, [who])).get(who, who)
        return TestData(last.version, called, last.since, asked_for=False) if last.version else None
    if row is None:
        return None
    one = (await booking_records(session, catalog, [row], now))[0]
    return TestData(one.test_data, one.holder_name, one.start_at, asked_for=True)


def _open(key: str, now: datetime) -> SelectOfScalar[Booking]:
    return select(Booking).where(Booking.environment == key, or_(where_booked(now), col(Booking.status) == WAITING))


async def _identifiers(session: AsyncSession, rows: Sequence[Booking]) -> dict[int, str]:
    ids = {row.release_id for row in rows if row.release_id is not None}
    if not ids:
        return {}
    found = await session.exec(select(Release.id, Release.identifier).where(col(Release.id).in_(ids)))
    return dict(found.all())


def _record(
    row: Booking, catalog: Catalog, called: Mapping[str, str], releases: Mapping[int, str], now: datetime
) -> BookingRecord:
    held = held_use(row, now)
    takes = held or own_time(row)
    return BookingRecord(
        id=row.id,
        environment=row.environment,
        name=catalog.environment_name(row.environment),
        holder=row.holder,
        holder_name=called.get(row.holder, row.holder),
        purpose=row.purpose,
        release=releases.get(row.release_id, "") if row.release_id else "",
        versions=row.versions,
        test_data=row.test_data,
        start_at=row.start_at,
        end_at=row.end_at,
        status=row.status,
        proposed_start=row.proposed_start,
        proposed_end=row.proposed_end,
        held_until=row.held_until,
        offers=row.offers,
        offer_outcome=row.offer_outcome,
        decided_by=called.get(row.decided_by or "", row.decided_by or ""),
        reason=row.reason,
        ended_at=row.ended_at,
        held=held is not None,
        takes=(takes.start, takes.end),
    )

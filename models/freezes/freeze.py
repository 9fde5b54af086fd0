"""Freezing a service, or all, from now until a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from models.catalog.document import Catalog
from models.catalog.related_services import related
from models.errors import NotFound
from models.events import Actor
from models.freezes.access import check_may_freeze
from models.freezes.arguments import FreezeArguments
from models.freezes.events import FreezeChanged, ServiceFrozen
from models.freezes.in_force import ALL
from models.freezes.records import FreezeShown, freezes_shown
from models.freezes.tables import TypedFreeze
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.tables.release import Release
from models.unit_of_work import Transaction, UnitOfWork

BEGUN, LONGER, SHORTER, REWORDED, SAME = "begun", "longer", "shorter", "reworded", "same"
"""What typing a freeze came to."""

FREE = "free"
"""News to a release whose window a freeze no longer touches."""

LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Frozen:
    """``outcome`` says what became of it; ``touched`` are the identifiers of the releases that were told.

    ``beside`` are other typed freezes that hold for the same service.
    """

    outcome: str
    freeze: FreezeShown
    touched: tuple[str, ...]
    beside: tuple[FreezeShown, ...]


async def freeze_service(work: UnitOfWork, actor: Actor, wanted: FreezeArguments, payload_key: str) -> Frozen:
    """Freeze ``wanted.service`` from now on.

    Somebody has one freeze of a service at a time: typing another makes it longer, shorter or reworded. Freezes of
    several people stand side by side. A repeated payload changes nothing. Raises
    :class:`~models.errors.Refused` for people who may not.
    """
    async with work(actor) as tx:
        catalog = await tx.catalog()
        await check_may_freeze(tx, catalog, wanted.service)
        own = await _own(tx, wanted.service)
        latest = max(wanted.until, own.ends_at) if own else wanted.until
        await _lock_touched(tx, catalog, wanted.service, latest)
        own = await _own(tx, wanted.service)
        repeated = not await tx.once("freeze", payload_key)
        if own is None and repeated:
            raise NotFound("This freeze is over already.")
        outcome = SAME if repeated else _outcome(own, wanted)
        before = own.ends_at if own else wanted.until
        touched = await releases_touched(tx, wanted.service, wanted.until)
        if own is None:
            own = _begin(tx, wanted)
            await tx.session.flush()
        if outcome != SAME:
            await _tell(tx, catalog, own, wanted, before, touched, outcome)
        others = [row for row in await typed_now(tx, wanted.service) if row.id != own.id]
        shown = await freezes_shown(tx.session, catalog, [own, *others])
        return Frozen(outcome, shown[0], tuple(one.identifier for one in touched), shown[1:])


def _outcome(own: TypedFreeze | None, wanted: FreezeArguments) -> str:
    if own is None:
        return BEGUN
    if wanted.until != own.ends_at:
        return LONGER if wanted.until > own.ends_at else SHORTER
    return SAME if wanted.reason == own.reason else REWORDED


def _begin(tx: Transaction, wanted: FreezeArguments) -> TypedFreeze:
    row = TypedFreeze(
        service=wanted.service,
        starts_at=tx.now,
        ends_at=wanted.until,
        reason=wanted.reason,
        made_by=tx.actor.person,
        made_at=tx.now,
        told=[],
        version=0,
        changed_at=tx.now,
    )
    tx.session.add(row)
    return row


async def _tell(
    tx: Transaction,
    catalog: Catalog,
    row: TypedFreeze,
    wanted: FreezeArguments,
    before: datetime,
    touched: Sequence[Release],
    outcome: str,
) -> None:
    told = await open_releases(tx, row.told)
    now_touched = {one.id for one in touched}
    news = {one.id: outcome if one.id in now_touched else FREE for one in told} if outcome != BEGUN else {}
    news |= dict.fromkeys(sorted(now_touched - news.keys()), BEGUN)
    if outcome == REWORDED:
        news = {one: kind for one, kind in news.items() if kind == BEGUN}
    row.ends_at, row.reason, row.changed_at = wanted.until, wanted.reason, tx.now
    row.version += 1
    row.told = sorted(now_touched)
    facts: dict[str, Any] = {
        "subject": row.id,
        "grounds": row.reason,
        "service": row.service,
        "what": outcome,
        "until": row.ends_at.isoformat(),
        "person": tx.actor.person,
        "version": row.version,
        "channels": channels_of(catalog, row.service),
        "releases": tuple(sorted(news.items())),
    }
    tx.record(ServiceFrozen(**facts) if outcome == BEGUN else FreezeChanged(**facts, before=before.isoformat()))


async def _own(tx: Transaction, service: str) -> TypedFreeze | None:
    return next((row for row in await typed_now(tx, service) if row.made_by == tx.actor.person), None)


async def typed_now(tx: Transaction, service: str) -> Sequence[TypedFreeze]:
    """The typed freezes of exactly ``service`` that hold now, locked."""
    query = (
        select(TypedFreeze)
        .where(
            col(TypedFreeze.service) == service,
            col(TypedFreeze.ends_at) > tx.now,
            col(TypedFreeze.lifted_at).is_(None),
        )
        .order_by(col(TypedFreeze.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await tx.session.exec(query)).all()


async def _lock_touched(tx: Transaction, catalog: Catalog, service: str, until: datetime) -> None:
    """Wait for those who act on a release that the freeze touches, or plan one, and have others wait.

    So whoever starts a deployment either did so before the freeze, or sees it; and no request slips in unseen.
    The releases come first, as in an edit, which locks its release and then waits for its turn to plan.
    """
    await releases_touched(tx, service, until, lock=True)
    if service == ALL:
        await tx.take_turns("freezing", (f"planning:{key}" for key in catalog.by_key))
    else:
        await tx.take_turns(f"planning:{service}", (f"planning:{key}" for key in related(catalog)[service]))


async def releases_touched(
    tx: Transaction, service: str, until: datetime, *, lock: bool = False
) -> Sequence[Release]:
    """The open releases whose windows touch the time from now ``until`` then."""
    query = select(Release).where(
        col(Release.state).in_(OPEN), col(Release.window_end) > tx.now, col(Release.window_start) < until
    )
    if service != ALL:
        query = query.where(col(Release.service) == service)
    query = query.order_by(col(Release.id)).execution_options(populate_existing=True)
    return (await tx.session.exec(query.with_for_update() if lock else query)).all()


async def open_releases(tx: Transaction, ids: Iterable[int]) -> Sequence[Release]:
    """Those of ``ids`` that are still open."""
    query = select(Release).where(col(Release.id).in_(list(ids)), col(Release.state).in_(OPEN))
    return (await tx.session.exec(query.order_by(col(Release.id)))).all()


def channels_of(catalog: Catalog, service: str) -> tuple[str, ...]:
    """Where people are told of a freeze of ``service``."""
    services = catalog.services if service == ALL else [catalog.by_key[service]]
    return tuple(dict.fromkeys(one.channel for one in services))

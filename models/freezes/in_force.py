"""The freezes of a service at a moment or in a window, the catalog's and those that people typed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.catalog.freezes import FreezeInForce, freezes_of_catalog
from models.freezes.tables import TypedFreeze

HARD = "hard"
"""Whoever types a freeze means it."""

ALL = ""
"""In place of a service: all services."""


async def freezes_between(
    session: AsyncSession, service: Service, zone: ZoneInfo, start: datetime, end: datetime
) -> tuple[FreezeInForce, ...]:
    """Every freeze of ``service`` that holds at some moment from ``start`` to ``end``, in the order they begin.

    Where both are the same moment, those that hold then.
    """
    typed = freezes_of(service.key, await typed_between(session, start, end))
    found = [*freezes_of_catalog(service.policy.freezes, start, end, zone), *typed]
    return tuple(sorted(found, key=lambda one: (one.starts, one.ends, one.name)))


async def typed_between(session: AsyncSession, start: datetime, end: datetime | None) -> Sequence[TypedFreeze]:
    """Those that hold at some moment from ``start`` on, to ``end`` if there is one; of all services."""
    lifted = col(TypedFreeze.lifted_at)
    query = select(TypedFreeze).where(col(TypedFreeze.ends_at) > start, or_(lifted.is_(None), lifted > start))
    if end is not None:
        query = query.where(col(TypedFreeze.starts_at) <= end)
    rows = (await session.exec(query.order_by(col(TypedFreeze.starts_at), col(TypedFreeze.id)))).all()
    return [row for row in rows if end is None or as_in_force(row).touches(start, end)]


def freezes_of(key: str, typed: Iterable[TypedFreeze]) -> list[FreezeInForce]:
    """Those of ``typed`` that are about the service ``key``, or about all."""
    return [as_in_force(row) for row in typed if row.service in (ALL, key)]


def as_in_force(row: TypedFreeze) -> FreezeInForce:
    return FreezeInForce(row.reason, HARD, row.starts_at, row.over_at, f"typed:{row.id}")

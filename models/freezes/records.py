"""What is shown of typed freezes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.freezes.in_force import ALL
from models.freezes.tables import TypedFreeze
from models.people.directory import names


@dataclass(frozen=True, slots=True)
class FreezeShown:
    """``service`` is a key, empty for all services; ``by`` is the name of who typed it."""

    id: int
    service: str
    service_name: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    by: str


async def freezes_shown(
    session: AsyncSession, catalog: Catalog, rows: Sequence[TypedFreeze]
) -> tuple[FreezeShown, ...]:
    called = await names(session, {row.made_by for row in rows})
    return tuple(
        FreezeShown(
            id=row.id,
            service=row.service,
            service_name=service_words(catalog, row.service),
            starts_at=row.starts_at,
            ends_at=row.over_at,
            reason=row.reason,
            by=called.get(row.made_by, row.made_by),
        )
        for row in rows
    )


def service_words(catalog: Catalog, service: str) -> str:
    """The name of what a typed freeze is about."""
    return "All services" if service == ALL else catalog.service_name(service)

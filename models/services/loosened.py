"""What was loosened in services, for their owners and the process owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.people.directory import name_of


@dataclass(frozen=True, slots=True)
class LoosenedService:
    """``lines`` say what was loosened, ``releases`` are the identifiers of those that keep their rules."""

    key: str
    name: str
    lines: tuple[str, ...]
    releases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoosenedRules:
    """``by`` is a name, or ``system`` for a catalog that was applied at a terminal."""

    by: str
    services: tuple[LoosenedService, ...]


async def loosened_rules(session: AsyncSession, catalog: Catalog, facts: Mapping[str, Any]) -> LoosenedRules:
    """From the ``facts`` of the event."""
    services = tuple(
        LoosenedService(
            key=str(one["key"]),
            name=catalog.service_name(str(one["key"])),
            lines=tuple(one["lines"]),
            releases=tuple(one["releases"]),
        )
        for one in facts["services"]
    )
    return LoosenedRules(await name_of(session, str(facts["by"])), services)

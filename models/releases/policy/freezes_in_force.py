"""The freezes of a service at a moment or in a window: the one place where they are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Freeze, Service
from models.catalog.freezes import frozen_days, occurrence
from models.time.days import days_touched, midnight

_DAY = timedelta(days=1)

_LONGEST = timedelta(days=400)
"""A window longer than this is looked at for so long only."""


@dataclass(frozen=True, slots=True)
class FreezeInForce:
    """One occurrence of a freeze: ``ends`` is the first moment after it, ``key`` what findings call it."""

    name: str
    kind: str
    starts: datetime
    ends: datetime
    key: str

    def touches(self, start: datetime, end: datetime) -> bool:
        """Whether it holds at some moment from ``start`` up to ``end``, or at ``start`` itself."""
        return self.starts < max(end, start + timedelta(microseconds=1)) and start < self.ends


async def freezes_between(
    _session: AsyncSession, service: Service, zone: ZoneInfo, start: datetime, end: datetime
) -> tuple[FreezeInForce, ...]:
    """Every freeze of ``service`` that holds at some moment from ``start`` to ``end``, in the order they begin."""
    return freezes_of_catalog(service.policy.freezes, zone, start, end)


def freezes_of_catalog(
    freezes: Iterable[Freeze], zone: ZoneInfo, start: datetime, end: datetime
) -> tuple[FreezeInForce, ...]:
    first, last = days_touched(start, min(end, start + _LONGEST), zone)
    found = [
        FreezeInForce(
            name=freeze.name,
            kind=freeze.kind,
            starts=midnight(span.first, zone),
            ends=midnight(span.last + _DAY, zone),
            key=occurrence(freeze, span.first),
        )
        for freeze in freezes
        for span in frozen_days(freeze, first, last)
    ]
    return tuple(sorted(found, key=lambda one: (one.starts, one.ends, one.name)))

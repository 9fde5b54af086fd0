"""An emergency's approval is the override of the rules about time that it passes over."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.freezes.in_force import freezes_between
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.clearance import EMERGENCY, Override
from models.lifecycle.tables.release import Release
from models.releases.policy.emergency import EMERGENCY_GRACE, PassedRule, rules_passed_over
from models.unit_of_work import Transaction

REASON = "Approved as an emergency"


async def passed_by_emergency(
    session: AsyncSession, catalog: Catalog, service: Service, release: Release
) -> tuple[PassedRule, ...]:
    zone, start, end = catalog.zone(service), release.window_start, release.window_end
    freezes = await freezes_between(session, service, zone, start, end)
    return rules_passed_over(service, zone, start, end, freezes)


async def write_emergency_override(
    tx: Transaction, catalog: Catalog, service: Service, release_id: int
) -> tuple[str, ...]:
    """Returns what the emergency passes over, in words; a start adds what nobody knew of yet."""
    release = await load_release(tx.session, release_id)
    passed = await passed_by_emergency(tx.session, catalog, service, release)
    tx.session.add(
        Override(
            release_id=release_id,
            round=release.round,
            kind=EMERGENCY,
            by=tx.actor.person,
            at=tx.now,
            reason=REASON,
            obstacles=[{"code": one.code.value, "key": one.key, "text": one.text} for one in passed],
            until=release.window_end + EMERGENCY_GRACE,
        )
    )
    return tuple(one.text for one in passed)

"""What follows once a release is approved, by its quorum or by broken glass."""

from datetime import datetime

from models.catalog.document import Catalog, Service
from models.packages.dependents import keys_brought, redraw_later
from models.releases.approval.later_approvals import require_later_approvals
from models.releases.plan.plan import create_plan
from models.unit_of_work import Transaction


async def follow_approval(
    tx: Transaction,
    catalog: Catalog,
    service: Service,
    release_id: int,
    round_: int,
    type_name: str,
    window_start: datetime,
) -> None:
    """Make the plan, redraw the cards of releases that come later, and require the later approvals."""
    await create_plan(tx, catalog, release_id, service, type_name, window_start)
    await redraw_later(tx, catalog, release_id, await keys_brought(tx, release_id), window_start)
    terms = service.policy.types[type_name].afterwards
    if terms:
        require_later_approvals(tx, release_id, round_, terms, catalog.zone(service))

"""Known errors: recording, finding and resolving them."""

from sqlmodel import col, select

from models.support.tables import KnownError
from models.unit_of_work import Transaction


async def go_live(tx: Transaction, release_id: int) -> tuple[str, ...]:
    """Make the known errors found in a release live, now that it is deployed; gives their numbers."""
    query = select(KnownError).where(col(KnownError.release_id) == release_id, col(KnownError.live_at).is_(None))
    found = (await tx.session.exec(query.order_by(col(KnownError.id)))).all()
    for known_error in found:
        known_error.live_at = tx.now
    return tuple(known_error.number for known_error in found)

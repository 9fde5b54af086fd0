"""The newest notice about a release's window, once what it asks for is done."""

from models import outbox
from models.lifecycle.message_keys import window_key
from models.lifecycle.tables.clearance import WindowWatch
from models.unit_of_work import Transaction


async def refresh_window_notice(tx: Transaction, release_id: int) -> None:
    """It loses its buttons when the window moved or the deployment began or ended."""
    row = await tx.session.get(WindowWatch, release_id)
    if row is not None and row.told:
        await outbox.want_again(tx.session, [window_key(release_id, row.told)], tx.now)

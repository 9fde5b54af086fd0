"""Steps of the tests of environments, through the use cases."""

from datetime import timedelta
from typing import Any

from sqlmodel import select

from models.audit import AuditEntry
from models.environments.booking_form import BookingForm
from models.environments.bookings import BookingResult, book_environment
from models.environments.tables import Booking
from models.outbox import Outgoing
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING
from tests.releases.steps import by


def form(start: float = 0, end: float = 24, environment: str = "test", **changes: Any) -> BookingForm:
    """Hours count from the morning."""
    fields = {"purpose": "Regression of 9.2", **changes}
    return BookingForm(
        environment=environment,
        start=MORNING + timedelta(hours=start),
        end=MORNING + timedelta(hours=end),
        **fields,
    )


async def book(
    work: UnitOfWork,
    person: str,
    start: float = 0,
    end: float = 24,
    nonce: str = "",
    **changes: Any,
) -> BookingResult:
    """Each call is a new form unless ``nonce`` names one."""
    name = nonce or f"{person}-{start}-{end}-{changes}"
    return await book_environment(work, by(person, "modal"), form(start, end, **changes), name)


async def one(work: UnitOfWork, booking_id: int) -> Booking:
    """The booking as stored."""
    async with work.database.reading() as session:
        return await session.get_one(Booking, booking_id)


async def told(work: UnitOfWork, message: str) -> list[tuple[str, str]]:
    """The recipients of messages of that kind, in order, with the message's key."""
    async with work.database.reading() as session:
        query = select(Outgoing).where(Outgoing.message == message).order_by(Outgoing.id)
        return [(row.recipient, row.key) for row in (await session.exec(query)).all()]


async def tags(work: UnitOfWork) -> list[str]:
    """The audit tags of bookings and contents."""
    async with work.database.reading() as session:
        rows = (await session.exec(select(AuditEntry).order_by(AuditEntry.id))).all()
        return [row.tag for row in rows if row.tag.startswith("environment:")]

"""The doctor on the outbox: messages that Slack refused, and messages that nothing delivers."""

from datetime import timedelta

from sqlmodel import col, func, select

from bot.doctor.diagnosis import Diagnosis, ok, warn
from messages.kit.text import counted
from models.outbox import Outgoing
from models.storage.database import Database
from models.time.clock import Clock

LATE = timedelta(minutes=10)
"""A message that was due this long ago is stuck."""

SHOWN = 5


async def outbox(database: Database, clock: Clock) -> list[Diagnosis]:
    """Messages that Slack refused for good, and those that nothing delivers."""
    late = clock.now() - LATE
    async with database.reading() as session:
        undelivered = col(Outgoing.delivered) < col(Outgoing.wanted)
        failed = select(Outgoing.key, Outgoing.failure).where(col(Outgoing.failure).is_not(None))
        rows = (await session.exec(failed.order_by(col(Outgoing.id).desc()).limit(SHOWN))).all()
        count = (await session.exec(select(func.count()).where(col(Outgoing.failure).is_not(None)))).one()
        stuck = (
            await session.exec(
                select(func.count()).where(
                    undelivered, col(Outgoing.failure).is_(None), col(Outgoing.due_at) < late
                )
            )
        ).one()
    diagnoses: list[Diagnosis] = []
    if count:
        some = "; ".join(f"{key}: {failure}" for key, failure in rows)
        diagnoses.append(
            warn(
                f"Refused by Slack for good: {counted(count, 'message')} ({some})",
                "Look for message_failed in the log.",
            )
        )
    if stuck:
        diagnoses.append(
            warn(f"Overdue by ten minutes: {counted(stuck, 'message')}", "Is `releasedesk run` running?")
        )
    return diagnoses or [ok("Messages: none is refused or overdue")]

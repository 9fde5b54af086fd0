"""Answers on their way to tools that wait: one row is one call, made outside of any transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.message_keys import card_key
from models.lifecycle.tables.pipelines import PipelineCallback, PipelineClearance
from models.outbox import message_by_key
from models.pipelines.answer import PipelineAnswer
from models.pipelines.question import CallbackAddress, Tool
from models.time.retry import backoff
from models.unit_of_work import UnitOfWork

LEASE = timedelta(minutes=2)
"""After a crash another process takes the call over then."""

FIRST_RETRY, LONGEST_RETRY = 10.0, 900.0
"""Seconds before another try."""

REMEMBERED = timedelta(days=30)

MOST_TRIES = 40
"""About nine hours; a tool that was out of reach for so long has given up itself."""


@dataclass(frozen=True, slots=True)
class DueCallback:
    """A call to make. ``card`` is channel and timestamp of the release's card, empty without one."""

    id: int
    service: str
    tool: Tool
    about: Mapping[str, Any]
    answer: Mapping[str, Any]
    bearer: str
    attempts: int
    card: tuple[str, str]


def callback_to_send(
    row: PipelineClearance, answer: PipelineAnswer, now: datetime, *, final: bool
) -> PipelineCallback:
    return PipelineCallback(
        clearance_id=row.id,
        service=row.service,
        tool=row.tool,
        about={**row.callback, "final": final, "release_id": answer.release_id},
        answer=answer.as_json(),
        bearer=row.bearer,
        due_at=now,
    )


def refusal_to_send(
    tool: Tool, callback: CallbackAddress, answer: PipelineAnswer, now: datetime
) -> PipelineCallback:
    """The call for an answer that isn't kept."""
    return PipelineCallback(
        service=answer.service,
        tool=tool.value,
        about={**callback.details, "url": callback.url, "final": True, "release_id": answer.release_id},
        answer=answer.as_json(),
        bearer=callback.bearer,
        due_at=now,
    )


async def drop_overtaken(session: AsyncSession, clearance_id: int) -> None:
    """Calls that weren't made yet say what isn't so any more."""
    await session.exec(
        update(PipelineCallback)
        .where(col(PipelineCallback.clearance_id) == clearance_id, col(PipelineCallback.due_at).is_not(None))
        .values(due_at=None, bearer="", failure="overtaken by a later answer")
    )


async def claim_callback(work: UnitOfWork) -> DueCallback | None:
    """The next call that is due; nobody else makes it meanwhile."""
    async with work.database.writing() as writing:
        session, now = writing.session, work.clock.now()
        query = (
            select(PipelineCallback)
            .where(
                col(PipelineCallback.due_at) <= now,
                or_(col(PipelineCallback.claimed_until).is_(None), col(PipelineCallback.claimed_until) <= now),
            )
            .order_by(col(PipelineCallback.due_at), col(PipelineCallback.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = (await session.exec(query)).first()
        if row is None:
            return None
        row.claimed_until, row.attempts = now + LEASE, row.attempts + 1
        session.add(row)
        return DueCallback(
            id=row.id,
            service=row.service,
            tool=Tool(row.tool),
            about=row.about,
            answer=row.answer,
            bearer=row.bearer,
            attempts=row.attempts,
            card=await card_of(session, row.about.get("release_id")),
        )


async def callback_sent(work: UnitOfWork, callback_id: int) -> None:
    """The tool has taken it. Its key is forgotten."""
    done = {"due_at": None, "claimed_until": None, "bearer": "", "failure": ""}
    await _update(work, callback_id, sent_at=work.clock.now(), **done)


async def callback_failed(work: UnitOfWork, due: DueCallback, failure: str, *, for_good: bool) -> bool:
    """Whether it is tried again, a little later each time."""
    if for_good or due.attempts >= MOST_TRIES:
        await _update(work, due.id, due_at=None, claimed_until=None, bearer="", failure=failure)
        return False
    wait = timedelta(seconds=backoff(due.attempts, FIRST_RETRY, LONGEST_RETRY))
    await _update(work, due.id, due_at=work.clock.now() + wait, claimed_until=None, failure=failure)
    return True


async def forget_sent_callbacks(session: AsyncSession, now: datetime) -> None:
    """What a tool was told is in its question's row, too."""
    await session.exec(delete(PipelineCallback).where(col(PipelineCallback.sent_at) < now - REMEMBERED))


async def next_callback_at(session: AsyncSession) -> datetime | None:
    return (await session.exec(select(func.min(PipelineCallback.due_at)))).one()


async def card_of(session: AsyncSession, release_id: int | None) -> tuple[str, str]:
    """Channel and timestamp of the release's card; both empty where there is none in Slack."""
    card = await message_by_key(session, card_key(release_id)) if release_id is not None else None
    return (card.channel, card.ts) if card and card.channel and card.ts else ("", "")


async def _update(work: UnitOfWork, callback_id: int, **values: Any) -> None:
    async with work.database.writing() as writing:
        await writing.session.exec(
            update(PipelineCallback).where(col(PipelineCallback.id) == callback_id).values(**values)
        )

"""Sends one claimed row of the outbox to Slack and writes down what became of it.

Only this module posts. The row says that it was tried before the call is made: if nobody knows how the call ended,
the next try looks for the message first.
"""

import asyncio
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from messages.kit.blocks import Message
from models import outbox
from models.outbox import Outgoing
from models.unit_of_work import UnitOfWork
from models.workspace_features import native_charts, refuse_native_charts
from scheduler.call_failures import CALL_ERRORS, RATE_LIMITED, CallFailure, Remedy, failure_of
from scheduler.destinations import POST, PUBLISH, Destination, destination_of
from scheduler.directory import Directory
from scheduler.earlier_post import METADATA_TYPE, find_earlier_post
from scheduler.rate_limits import RateLimits
from scheduler.renderers import RENDERERS, MessageKind, Reading

log = structlog.get_logger()

CALL_LIMIT = 15.0
"""Seconds a call may take before its outcome counts as unknown."""

AFTER_THE_CARD = timedelta(seconds=1)
"""When to look again whether the card is posted whose thread a message belongs to."""


class Sender:
    def __init__(self, work: UnitOfWork, client: AsyncWebClient, directory: Directory, limits: RateLimits) -> None:
        self._work = work
        self._client = client
        self._directory = directory
        self._limits = limits

    async def send(self, row: Outgoing) -> None:
        """Have Slack show the latest state of ``row``, or write down when to try again."""
        destination = None
        try:
            kind = RENDERERS[row.message]
            destination = await self._destination(row, kind)
            now = self._work.clock.now()
            if destination is None:
                await self._postpone(row, now + AFTER_THE_CARD)
            elif (turn := self._limits.turn_of(row.key, destination.method, destination.channel, now)) > now:
                await self._postpone(row, turn)
            else:
                await self._render_and_show(row, kind, destination)
        except CALL_ERRORS as error:
            await self._after_failure(row, destination, failure_of(error, row.attempts))
        except Exception as error:  # the edge: one broken message must not hold up the others
            log.exception("message_failed", key=row.key)
            await self._write(row, failure=f"{type(error).__name__}: {error}"[:500])

    async def _destination(self, row: Outgoing, kind: MessageKind) -> Destination | None:
        async with self._work.reading() as snapshot:
            return await destination_of(snapshot.session, await snapshot.catalog(), row, is_home=kind.is_home)

    async def _postpone(self, row: Outgoing, until: datetime) -> None:
        await self._write(row, due_at=until, attempts=max(row.attempts - 1, 0))

    async def _render_and_show(self, row: Outgoing, kind: MessageKind, destination: Destination) -> None:
        await self._learn_names(row, kind)
        message = await self._message(row, kind)
        if message is None:
            await self._write(row, delivered=row.wanted)
            return
        await self._show(row, message, destination)
        if kind.refresh:
            await kind.refresh(self._work, int(row.subject))

    async def _learn_names(self, row: Outgoing, kind: MessageKind) -> None:
        """Ask Slack about people whom nobody has asked about yet, so that the message shows their names."""
        async with self._work.reading() as snapshot:
            people = await kind.people(snapshot.session, row)
        try:
            if people:
                await self._directory.ensure_known(people)
        except CALL_ERRORS as error:
            log.warning("names_not_read", error=type(error).__name__)

    async def _message(self, row: Outgoing, kind: MessageKind) -> Message | None:
        async with self._work.reporting() if kind.reports else self._work.reading() as snapshot:
            native = not kind.has_plain or await native_charts(snapshot.session, snapshot.now)
            reading = Reading(snapshot.session, await snapshot.catalog(), snapshot.now, row)
            return await kind.message(reading, native=native)

    async def _show(self, row: Outgoing, message: Message, destination: Destination) -> None:
        shown = _fingerprint(message)
        if row.ts and row.shown == shown:
            await self._write(row, delivered=row.wanted)
            return
        if row.ts is None and row.tried_at is not None and destination.method == POST:
            found = await find_earlier_post(self._client, row, destination, row.tried_at)
            if found:
                await self._write(row, channel=found.channel, ts=found.ts, posted_at=row.tried_at, tried_at=None)
                row.channel, row.ts = found.channel, found.ts
                destination = destination.to_update(found.channel, found.ts)
        now = self._work.clock.now()
        if row.ts is None:
            await self._write(row, keep_claim=True, tried_at=row.tried_at or now)
        async with asyncio.timeout(CALL_LIMIT):
            answer = await self._call(row, message, destination)
        await self._write(
            row,
            delivered=row.wanted,
            shown=shown,
            attempts=0,
            tried_at=None,
            posted_at=row.posted_at or now,
            channel=answer.get("channel") or row.channel,
            ts=answer.get("ts") or row.ts,
        )

    async def _call(self, row: Outgoing, message: Message, destination: Destination) -> Any:
        if destination.method == PUBLISH:
            view = {"type": "home", "blocks": message.blocks}
            return await self._client.views_publish(user_id=row.recipient, view=view)
        about = {"event_type": METADATA_TYPE, "event_payload": {"key": row.key}}
        if destination.ts:
            return await self._client.chat_update(
                channel=destination.channel,
                ts=destination.ts,
                text=message.text,
                blocks=message.blocks,
                metadata=about,
            )
        return await self._client.chat_postMessage(
            channel=destination.channel,
            thread_ts=destination.thread_ts,
            text=message.text,
            blocks=message.blocks,
            metadata=about,
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _after_failure(self, row: Outgoing, destination: Destination | None, failure: CallFailure) -> None:
        later = self._work.clock.now() + timedelta(seconds=failure.seconds)
        log.warning("message_not_taken", key=row.key, error=failure.code, verdict=failure.remedy.value)
        if failure.code == RATE_LIMITED and destination is not None:
            self._limits.hold(destination.method, destination.channel, later)
        match failure.remedy:
            case Remedy.WAIT:
                await self._write(row, due_at=later, tried_at=None)
            case Remedy.LOOK_FIRST:
                await self._write(row, due_at=later)
            case Remedy.POST_AGAIN:
                await self._write(row, ts=None, shown=None, tried_at=None, due_at=later)
            case Remedy.SEND_PLAIN if RENDERERS[row.message].has_plain and await self._has_native_charts():
                await refuse_native_charts(self._work)
                await self._write(row, due_at=later, tried_at=None)
            case _:
                await self._write(row, failure=failure.code, tried_at=None)

    async def _has_native_charts(self) -> bool:
        async with self._work.reading() as snapshot:
            return await native_charts(snapshot.session, snapshot.now)

    async def _write(self, row: Outgoing, *, keep_claim: bool = False, **values: Any) -> None:
        if not keep_claim:
            values["claimed_until"] = None
        async with self._work.database.writing() as writing:
            await outbox.update_row(writing, row.id, **values)


def _fingerprint(message: Message) -> str:
    return hashlib.sha256(json.dumps([message.text, message.blocks]).encode()).hexdigest()[:32]

"""Delivery: takes what is due from the outbox and has Slack show it, each message once and always its latest state.

Only this module posts. A row is claimed before anything is sent, so a kill at any moment leaves it to be claimed
again; whether a post that ended in doubt went through is found out by the key in the message's metadata.
"""

import asyncio
import contextlib
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from messages.kit.blocks import Message
from models import outbox
from models.catalog.revisions import CatalogCache
from models.environments import queries as environment_queries
from models.home.refresh import refresh_after_card
from models.outbox import Exclusions, Outgoing
from models.releases.card.queries import people_of_release
from models.unit_of_work import UnitOfWork
from models.workspace_features import native_charts, refuse_native_charts
from scheduler.addresses import Address, address_of
from scheduler.call_outcomes import TROUBLE, Judgement, Verdict, judge
from scheduler.directory import Directory
from scheduler.pace import Pace
from scheduler.recognition import METADATA_TYPE, find_own
from scheduler.renderers import RENDERERS, Reading, Renderer

log = structlog.get_logger()

BATCH = 20
LEASE = timedelta(seconds=45)
"""How long a claim holds: longer than a call may take, short enough that a crash delays little."""

CALL_LIMIT = 15.0
"""Seconds a call to Slack may take before its end counts as uncertain."""

SWEEP = 5.0
"""Seconds after which delivery looks by itself, should a wake-up be lost."""

GATHER = 0.05
"""Seconds between waking and looking, in which the changes of a burst come together."""

CROWDED = 0.25
"""The same while more is waiting than Slack lets go: looking more often would only find that out again."""

AFTER_THE_CARD = timedelta(seconds=1)


class Delivery:
    """Delivers the outbox of one workspace; several may run beside each other on one database."""

    def __init__(self, work: UnitOfWork, catalogs: CatalogCache, client: AsyncWebClient) -> None:
        self._work = work
        self._catalogs = catalogs
        self._client = client
        self.directory = Directory(work, catalogs, client)
        self._pace = Pace()
        self._turns: dict[str, datetime] = {}
        self._crowded = False
        self._woken = asyncio.Event()
        self._stopping = False
        self._in_hand: set[int] = set()
        self.idle = asyncio.Event()
        work.when_committed(self.wake)

    def wake(self) -> None:
        """Look at the outbox now."""
        self.idle.clear()
        self._woken.set()

    async def run(self) -> None:
        """Deliver until :meth:`stop`; a database that is away is waited for."""
        while not self._stopping:
            self._woken.clear()
            try:
                while await self.deliver_due() and not self._stopping:
                    pass
            except Exception:  # the edge: delivery outlives a database or network that is away
                log.exception("delivery_failed")
            if not self._woken.is_set():
                self.idle.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), await self._nap())
            if not self._stopping:
                await asyncio.sleep(CROWDED if self._crowded else GATHER)

    async def take_over(self) -> None:
        """Begin where a process that was killed left off, without waiting for its leases; alone only."""
        if await self._work.database.is_alone():
            async with self._work.database.writing() as writing:
                await outbox.end_claims(writing)

    def stop(self) -> None:
        """Finish the calls in flight and leave; what is not sent stays in the outbox."""
        self._stopping = True
        self._woken.set()

    async def deliver_due(self) -> int:
        """Deliver one batch of what is due; gives how many messages were taken in hand."""
        now = self._work.clock.now()
        without = Exclusions(
            rows=frozenset(self._in_hand),
            updates=self._pace.is_full("chat.update", "", now),
            channels=tuple(self._pace.full_channels(now)),
        )
        self._crowded = without.updates or bool(without.channels)
        async with self._work.database.writing() as writing:
            rows = await outbox.claim(writing.session, now, LEASE, BATCH, without)
        lanes: dict[str, list[Outgoing]] = {}
        for row in rows:
            lanes.setdefault(str(row.release_id or row.recipient), []).append(row)
        self._in_hand.update(row.id for row in rows)
        try:
            await asyncio.gather(*(self._one_after_another(lane) for lane in lanes.values()))
        finally:
            self._in_hand.difference_update(row.id for row in rows)
        return len(rows)

    async def _one_after_another(self, rows: list[Outgoing]) -> None:
        for row in rows:
            try:
                await self._deliver(row)
            except TROUBLE as error:
                await self._mend(row, judge(error, row.attempts))
            except Exception as error:  # the edge: one broken message must not hold up the others
                log.exception("message_failed", key=row.key)
                await self._write(row, failure=f"{type(error).__name__}: {error}"[:500])

    async def _deliver(self, row: Outgoing) -> None:
        renderer = RENDERERS[row.message]
        address = await self._address(row, renderer)
        if address is None:
            await self._postpone(row, self._work.clock.now() + AFTER_THE_CARD)
            return
        turn = self._turn(row, address)
        if turn > self._work.clock.now():
            await self._postpone(row, turn)
            return
        await self._learn_names(row)
        rendered = await self._render(row, renderer)
        if rendered is None:
            await self._write(row, delivered=row.wanted)
            return
        await self._send(row, rendered, address)
        if (
            row.message == "release_card"
            and row.release_id is not None
            and await refresh_after_card(self._work, self._catalogs, row.release_id)
        ):
            self._woken.set()

    def _turn(self, row: Outgoing, address: Address) -> datetime:
        """When this row may go. A turn is given once and kept, however often the row is claimed before."""
        now = self._work.clock.now()
        turn = self._turns.pop(row.key, None)
        if turn is None:
            turn = self._pace.turn(address.method, address.channel, now)
        turn = max(turn, self._pace.held_until(address.method, address.channel, now))
        if turn > now:
            self._turns[row.key] = turn
        return turn

    async def _learn_names(self, row: Outgoing) -> None:
        """Read people nobody has asked Slack about yet, so that the message calls them by name."""
        async with self._work.database.reading() as session:
            if row.release_id is not None:
                people = await people_of_release(session, row.release_id)
            elif row.message.startswith("booking_"):
                people = await environment_queries.people_of_booking(session, int(row.subject))
            else:
                return
        try:
            await self.directory.ensure_known(people)
        except TROUBLE as error:
            log.warning("names_not_read", error=type(error).__name__)

    async def _address(self, row: Outgoing, renderer: Renderer) -> Address | None:
        async with self._work.database.reading() as session:
            catalog = await self._catalogs.current(session)
            return await address_of(session, catalog, row, view=renderer.view)

    async def _render(self, row: Outgoing, renderer: Renderer) -> Message | None:
        database = self._work.database
        async with database.reporting() if renderer.reports else database.reading() as session:
            catalog = await self._catalogs.current(session)
            record = await renderer.load(Reading(session, catalog, self._work.clock.now(), row))
            if record is None:
                return None
            native = renderer.plain is None or await native_charts(session, self._work.clock.now())
            render = renderer.render if native or renderer.plain is None else renderer.plain
            return render(record)

    async def _send(self, row: Outgoing, message: Message, address: Address) -> None:
        shown = _fingerprint(message)
        if row.ts and row.shown == shown:
            await self._write(row, delivered=row.wanted)
            return
        if row.ts is None and row.tried_at is not None and not address.view:
            found = await find_own(self._client, row, address, row.tried_at)
            if found:
                await self._write(row, channel=found.channel, ts=found.ts, posted_at=row.tried_at, tried_at=None)
                row.channel, row.ts = found.channel, found.ts
                address = address.to_update(found.channel, found.ts)
        now = self._work.clock.now()
        if row.ts is None:
            await self._write(row, release=False, tried_at=row.tried_at or now)
        async with asyncio.timeout(CALL_LIMIT):
            answer = await self._call(row, message, address)
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

    async def _call(self, row: Outgoing, message: Message, address: Address) -> Any:
        if address.view:
            view = {"type": "home", "blocks": message.blocks}
            return await self._client.views_publish(user_id=row.recipient, view=view)
        about = {"event_type": METADATA_TYPE, "event_payload": {"key": row.key}}
        if address.ts:
            return await self._client.chat_update(
                channel=address.channel, ts=address.ts, text=message.text, blocks=message.blocks, metadata=about
            )
        return await self._client.chat_postMessage(
            channel=address.channel,
            thread_ts=address.thread_ts,
            text=message.text,
            blocks=message.blocks,
            metadata=about,
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _mend(self, row: Outgoing, judgement: Judgement) -> None:
        later = self._work.clock.now() + timedelta(seconds=judgement.seconds)
        log.warning("message_not_taken", key=row.key, error=judgement.error, verdict=judgement.verdict.name)
        renderer = RENDERERS[row.message]
        match judgement.verdict:
            case Verdict.WAIT:
                if judgement.error == "ratelimited":
                    self._pace.hold(_method(row, renderer), row.channel or row.recipient, later)
                await self._write(row, due_at=later, tried_at=None)
            case Verdict.UNCERTAIN:
                await self._write(row, due_at=later)
            case Verdict.GONE:
                await self._write(row, ts=None, shown=None, tried_at=None, due_at=later)
            case Verdict.PLAIN if renderer.plain and await self._has_native_charts():
                await refuse_native_charts(self._work)
                await self._write(row, due_at=later, tried_at=None)
            case _:
                await self._write(row, failure=judgement.error, tried_at=None)

    async def _has_native_charts(self) -> bool:
        async with self._work.database.reading() as session:
            return await native_charts(session, self._work.clock.now())

    async def _postpone(self, row: Outgoing, until: datetime) -> None:
        await self._write(row, due_at=until, attempts=max(row.attempts - 1, 0))

    async def _write(self, row: Outgoing, *, release: bool = True, **values: Any) -> None:
        if release:
            values["claimed_until"] = None
        async with self._work.database.writing() as writing:
            await outbox.update_row(writing, row.id, **values)

    async def _nap(self) -> float:
        if self._crowded:
            return CROWDED
        try:
            async with self._work.database.reading() as session:
                due = await outbox.next_due(session)
        except Exception:  # the edge: see run
            return SWEEP
        wait = (due - self._work.clock.now()).total_seconds() if due else SWEEP
        return min(max(wait, 0.05), SWEEP)


def _method(row: Outgoing, renderer: Renderer) -> str:
    if renderer.view:
        return "views.publish"
    return "chat.update" if row.ts else "chat.postMessage"


def _fingerprint(message: Message) -> str:
    return hashlib.sha256(json.dumps([message.text, message.blocks]).encode()).hexdigest()[:32]

"""Delivery against a Slack that limits, fails and forgets: each message once, always its latest state."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock
from bot.workspace.world.records import Message
from models import outbox
from models.outbox import Outgoing
from models.releases.approval.approve import approve_release
from models.storage.database import Database
from models.support.forms import KnownErrorForm
from models.support.recording import record_known_error
from scheduler.delivery import LEASE, Delivery
from tests.conftest import FrozenClock
from tests.releases.steps import by, requested, rows

SCOPES = ("chat:write", "channels:history", "groups:history", "im:history", "im:write", "users:read")

WORLD = {
    "people": [{"id": f"U0{name.upper()}", "name": name} for name in ("ann", "rita", "olga", "dana", "sam")],
    "channels": [
        {"id": "C0PAY", "name": "payments", "members": ["ann", "rita", "olga"]},
        {"id": "C0WEB", "name": "web", "members": ["ann"]},
    ],
}


class SameClock(MovableClock):
    """The workspace's clock, standing where the test's clock stands."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()


@pytest.fixture
async def workspace(clock) -> AsyncIterator[Workspace]:
    app = App(name="Release Desk", scopes=SCOPES)
    made = Workspace.from_dict(WORLD, app, SameClock(clock), rate_multiplier=None)
    async with serve(made):
        yield made


@pytest.fixture
async def delivery(workspace, work, catalog, people) -> AsyncIterator[Delivery]:
    client = AsyncWebClient(token=workspace.app.bot_token, base_url=f"{workspace.base_url}/api/", retry_handlers=[])
    yield Delivery(work, client)
    if client.session is not None:
        await client.session.close()


async def deliver_all(delivery: Delivery, clock, rounds: int = 12) -> None:
    """Deliver what is due, then what becomes due within a few minutes."""
    for _ in range(rounds):
        while await delivery.deliver_due():
            pass
        clock.move(timedelta(seconds=30))


def posted(workspace: Workspace, channel: str = "C0PAY") -> list[Message]:
    return workspace.messages_in(channel, "U0ANN")


def every_message(workspace: Workspace, channel: str = "C0PAY") -> list[Message]:
    found = []
    for message in posted(workspace, channel):
        found += workspace.thread(channel, message.ts, "U0ANN") or [message]
    return found


async def test_a_request_becomes_one_card_in_the_services_channel(delivery, workspace, work, clock):
    await requested(work)
    await deliver_all(delivery, clock)
    (card,) = posted(workspace)
    assert "PAY-2026.001 Card payments 9.2 (minor): Waiting for approval" in card.text


async def test_changes_update_the_card_in_place_and_are_told_in_its_thread(delivery, workspace, work, clock):
    release = await requested(work)
    await deliver_all(delivery, clock)
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 1)
    await deliver_all(delivery, clock)
    (card,) = posted(workspace)
    assert "Approved" in card.text
    told = [message.text for message in every_message(workspace) if message.thread_ts and message.ts != card.ts]
    assert told == ["<@U0ANN> PAY-2026.001 is approved. The plan is made; the build can start."]


async def test_many_changes_between_two_deliveries_cost_one_call(delivery, workspace, work, clock):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    await deliver_all(delivery, clock)
    calls = [one.name for one in workspace.traffic if one.name.startswith("chat.")]
    assert calls == ["chat.postMessage"]


@pytest.mark.parametrize("fault", ["server_error", "cut_before", "cut_after"])
async def test_a_post_that_ended_in_doubt_stands_there_once(delivery, workspace, work, clock, fault):
    workspace.faults.add(fault, "chat.postMessage")
    await requested(work)
    await deliver_all(delivery, clock)
    assert len(posted(workspace)) == 1
    (row,) = await rows(work, Outgoing)
    assert (row.delivered, row.ts) == (row.wanted, posted(workspace)[0].ts)


async def test_a_crash_after_posting_posts_nothing_twice(delivery, workspace, work, clock, monkeypatch):
    await requested(work)
    died = asyncio.CancelledError()

    async def die(*_, **values):
        if "ts" in values:
            raise died
        return await original(*_, **values)

    original = delivery._sender._write
    monkeypatch.setattr(delivery._sender, "_write", die)
    with pytest.raises(asyncio.CancelledError):
        await delivery.deliver_due()
    monkeypatch.undo()
    assert len(posted(workspace)) == 1
    clock.move(LEASE)
    await deliver_all(delivery, clock)
    assert len(posted(workspace)) == 1
    (row,) = await rows(work, Outgoing)
    assert row.ts == posted(workspace)[0].ts


async def test_the_next_process_takes_over_what_a_killed_one_had_in_hand(delivery, workspace, work, clock):
    await requested(work)
    async with work.database.writing() as writing:
        assert len(await outbox.claim(writing.session, clock.now(), LEASE, 20, outbox.Exclusions())) == 1
    assert await delivery.deliver_due() == 0
    await delivery.take_over()
    assert await delivery.deliver_due() == 1
    assert len(posted(workspace)) == 1


async def test_nobody_takes_over_from_a_process_that_lives(delivery, work, clock, database_url):
    if work.database.is_sqlite:
        pytest.skip("SQLite serves one process")
    await requested(work)
    async with work.database.writing() as writing:
        await outbox.claim(writing.session, clock.now(), LEASE, 20, outbox.Exclusions())
    other = Database(database_url)
    async with other.engine.connect():
        assert not await work.database.is_alone()
        await delivery.take_over()
    await other.close()
    assert await delivery.deliver_due() == 0


async def test_retry_after_is_obeyed_and_nothing_is_dropped(delivery, workspace, work, clock):
    workspace.faults.add("ratelimited", "chat.postMessage", seconds=60)
    await requested(work)
    await delivery.deliver_due()
    clock.move(timedelta(seconds=59))
    assert await delivery.deliver_due() == 0
    clock.move(timedelta(seconds=2))
    await delivery.deliver_due()
    assert len(posted(workspace)) == 1


async def test_retry_after_in_a_thread_holds_all_posts_to_its_channel(delivery, workspace, work, clock):
    release = await requested(work)
    await deliver_all(delivery, clock)
    workspace.faults.add("ratelimited", "chat.postMessage", seconds=60)
    form = KnownErrorForm(title="Slow page", service="PAY", symptom="Ten seconds at noon", release_id=release)
    await record_known_error(work, by("U0TOM", "modal"), form, "n")
    await delivery.deliver_due()
    clock.move(timedelta(seconds=59))
    await requested(work, nonce="2")
    await delivery.deliver_due()
    assert len(every_message(workspace)) == 1
    await deliver_all(delivery, clock)
    assert len(posted(workspace)) == 2


async def test_a_card_that_somebody_deleted_is_posted_anew(delivery, workspace, work, clock):
    release = await requested(work)
    await deliver_all(delivery, clock)
    posted(workspace)[0].deleted = True
    await approve_release(work, by("U0RITA"), release, 1)
    await deliver_all(delivery, clock)
    assert len(posted(workspace)) == 1


async def test_a_channel_without_the_bot_is_waited_for(delivery, workspace, work, clock):
    channel = workspace.channel("C0PAY")
    channel.members.remove(workspace.app.bot_user)
    await requested(work)
    await deliver_all(delivery, clock, rounds=2)
    assert posted(workspace) == []
    channel.members.append(workspace.app.bot_user)
    clock.move(timedelta(minutes=1))
    await deliver_all(delivery, clock, rounds=2)
    assert len(posted(workspace)) == 1


async def test_two_deliveries_on_one_database_send_each_message_once(delivery, workspace, work, clock):
    for number in range(30):
        await requested(work, nonce=str(number))
    other = Delivery(work, delivery._sender._client)
    for _ in range(40):
        await asyncio.gather(delivery.deliver_due(), other.deliver_due())
        clock.move(timedelta(seconds=5))
    assert len(posted(workspace)) == 30

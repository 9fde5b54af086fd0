"""A digest on its way into Slack: posted once, with charts where the workspace has them and in text where not."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock
from bot.workspace.world.records import Message
from models.catalog.document import Catalog
from models.kpi.digests import queue_due_digests
from models.unit_of_work import UnitOfWork
from models.workspace_features import native_charts
from scheduler.delivery import Delivery
from tests.conftest import FrozenClock
from tests.factories import make_incident, make_release

WORLD = {
    "people": [{"id": "U0PETRA", "name": "petra"}],
    "channels": [{"id": "C0MGMT", "name": "management", "members": ["petra"]}],
}
SCOPES = ("chat:write", "channels:history", "groups:history", "users:read")


class SameClock(MovableClock):
    """The workspace's clock, standing where the test's clock stands."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()


@pytest.fixture
async def workspace(clock: FrozenClock) -> AsyncIterator[Workspace]:
    made = Workspace.from_dict(
        WORLD, App(name="Release Desk", scopes=SCOPES), SameClock(clock), rate_multiplier=None
    )
    async with serve(made):
        yield made


@pytest.fixture
async def delivery(workspace: Workspace, work: UnitOfWork, catalog: Catalog) -> AsyncIterator[Delivery]:
    client = AsyncWebClient(token=workspace.app.bot_token, base_url=f"{workspace.base_url}/api/", retry_handlers=[])
    await make_release(work, "approved", window_start=work.clock.now() + timedelta(days=1))
    await make_incident(work)
    yield Delivery(work, client)
    if client.session is not None:
        await client.session.close()


async def deliver_all(delivery: Delivery, clock: FrozenClock) -> None:
    for _ in range(10):
        while await delivery.deliver_due():
            pass
        clock.move(timedelta(seconds=30))


def kinds(message: Message) -> set[str]:
    return {block["type"] for block in message.blocks}


async def test_the_digest_stands_in_its_channel_once_with_charts_and_table(
    delivery: Delivery, workspace: Workspace, work: UnitOfWork, clock: FrozenClock
) -> None:
    for _ in range(3):
        await queue_due_digests(work)
        await deliver_all(delivery, clock)

    (message,) = workspace.messages_in("C0MGMT", "U0PETRA")
    assert message.text.startswith("Releases - Tue 24 Nov - Payments, Web shop - last 30 days: Adoption no data")
    assert {"data_visualization", "data_table"} <= kinds(message)


@pytest.mark.parametrize("refused", ["data_visualization", "data_table"])
async def test_where_the_workspace_refuses_charts_or_tables_it_is_text_from_then_on(
    delivery: Delivery, workspace: Workspace, work: UnitOfWork, clock: FrozenClock, refused: str
) -> None:
    fault = workspace.faults.add("refuse_blocks", refused, None)
    await queue_due_digests(work)
    await deliver_all(delivery, clock)

    (message,) = workspace.messages_in("C0MGMT", "U0PETRA")
    assert kinds(message).isdisjoint({"data_visualization", "data_table"})
    async with work.database.reading() as session:
        assert not await native_charts(session, clock.now())

    workspace.faults.remove(fault.id)
    clock.move(timedelta(days=1))
    await queue_due_digests(work)
    await deliver_all(delivery, clock)

    assert [
        kinds(one) & {"data_visualization", "data_table"} for one in workspace.messages_in("C0MGMT", "U0PETRA")
    ] == [
        set(),
        set(),
    ]

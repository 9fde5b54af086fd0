"""The demo's world without its history, over real HTTP and WebSockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.assembly import Assembly
from bot.demo.run import demo
from bot.workspace.workspace import Workspace
from bot.workspace.world.records import Message, View

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

PATIENCE = 20.0
"""Seconds after which something that should have happened counts as not happening."""


def be_patient(workspace: Workspace) -> None:
    """Let the app take its time: how fast it answers depends on the machine, and other tests are about that."""
    workspace.deliveries.patience = PATIENCE
    workspace.triggers.lifetime = timedelta(seconds=PATIENCE)


class Desk:
    """The workspace as a person at a desk uses it: find by what is written, click what is captioned."""

    def __init__(self, workspace: Workspace, assembly: Assembly) -> None:
        self.workspace = workspace
        self.assembly = assembly
        self.start = workspace.clock.now()
        self._slots = slots(self.start)

    async def until(self, look: Callable[[], Any]) -> Any:
        """What ``look`` finds, as soon as it finds something. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while not (found := look()):  # noqa: ASYNC110 - what others see is looked for, nobody tells
                await asyncio.sleep(0.02)
        return found

    async def form(self, person: str, title: str) -> View:
        """The modal titled ``title`` that ``person`` has open."""
        return await self.until(
            lambda: next((one for one in self.workspace.modals[person] if text_of(one.title) == title), None)
        )

    async def modal_says(self, person: str, words: str) -> View:
        """The modal of ``person`` that says ``words``: with the acknowledgement, or soon after it."""
        shown = self.workspace.modals
        return await self.until(lambda: next((one for one in shown[person] if words in str(one.blocks)), None))

    async def request(self, person: str = "U0ANN", channel: str = "C0PAY", **changes: Any) -> str:
        """Request a release by command, of the service in ``channel``; gives its identifier."""
        await self.workspace.command(person, channel, "/release request")
        view = await self.form(person, "Request a release")
        self.start = start = next(self._slots)
        values = {
            "Service": "PAY",
            "Type": "minor",
            "Title": "Card payments 9.2",
            "What changes and why": "Faster settlement",
            "Authorised changes": "CHG0000132",
            "Window start": int(start.timestamp()),
            "Window end": int((start + timedelta(hours=2)).timestamp()),
            "Deployment method": "rolling",
            "Back-out plan": "Redeploy 9.1",
            **changes,
        }
        answer = await self.workspace.submit(person, view.id, values)
        assert answer == {}, answer
        title = values["Title"]
        card = await self.until(lambda: self.card(title, channel))
        return str(card.text.partition(f" {title}")[0])

    def card(self, words: str, channel: str = "C0PAY") -> Message | None:
        """The newest message in the channel that has ``words`` in its text."""
        found = [one for one in self.workspace.messages_in(channel, "U0ANN") if words in one.text]
        return found[-1] if found else None

    async def shows(self, *words: str, channel: str = "C0PAY") -> Message:
        """The message whose text has all ``words``, once there is one."""
        messages = self.workspace.messages_in
        return await self.until(
            lambda: next(
                (one for one in messages(channel, "U0ANN") if all(word in one.text for word in words)), None
            )
        )

    async def told(self, person: str, *words: str, channel: str = "C0PAY") -> Message:
        """The message that only ``person`` sees and that has all ``words``."""
        messages = self.workspace.messages_in
        return await self.until(
            lambda: next(
                (
                    one
                    for one in messages(channel, person)
                    if one.ephemeral_to == person and all(word in one.text for word in words)
                ),
                None,
            )
        )

    async def in_thread(self, card: Message, *words: str) -> Message:
        """The reply under ``card`` that has all ``words``."""
        return await self.until(
            lambda: next(
                (
                    one
                    for one in self.workspace.thread(card.channel, card.ts, "U0ANN")
                    if one.ts != card.ts and all(word in one.text for word in words)
                ),
                None,
            )
        )

    async def click(self, person: str, message: Message | View, caption: str) -> dict[str, Any]:
        """Click the button captioned ``caption``."""
        block_id, action_id = button(message.blocks, caption)
        return await self.workspace.click(person, message, block_id, action_id)

    def captions(self, message: Message) -> list[str]:
        """The captions of the buttons a message has now."""
        return [caption for _, _, caption in buttons(message.blocks)]

    async def move(self, **by: float) -> None:
        """Move the clock forward."""
        await self.workspace.clock.move(by=timedelta(**by))


def slots(now: datetime) -> Iterator[datetime]:
    """Starts of windows of two hours, from eight days ahead on, that the policy of Payments leaves open."""
    day = (now + timedelta(days=8)).astimezone(AMSTERDAM).date()
    while True:
        day += timedelta(days=1)
        if day.weekday() < 4 and day.day < 28 and not date(2026, 12, 18) <= day <= date(2027, 1, 4):
            for hour in (9, 11, 13):
                yield datetime(day.year, day.month, day.day, hour, tzinfo=AMSTERDAM)


def text_of(node: Any) -> str:
    """A text object's text."""
    return str(node.get("text", "")) if isinstance(node, dict) else str(node)


def buttons(blocks: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Block id, action id and caption of each button."""
    return [
        (block["block_id"], one["action_id"], one["text"]["text"])
        for block in blocks
        for one in [*block.get("elements", ()), block.get("accessory") or {}]
        if block["type"] in ("actions", "section") and one.get("type") == "button"
    ]


def button(blocks: list[dict[str, Any]], caption: str) -> tuple[str, str]:
    """Block id and action id of the button captioned ``caption``."""
    found = [(block_id, action_id) for block_id, action_id, one in buttons(blocks) if one == caption]
    assert found, f"no button {caption!r} among {[one for _, _, one in buttons(blocks)]}"
    return found[0]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Release Desk running in an empty workspace with the demo's people and catalog."""
    async with demo(0, tmp_path, history=False) as (workspace, assembly):
        workspace.rate_limits.multiplier = None
        be_patient(workspace)
        yield Desk(workspace, assembly)

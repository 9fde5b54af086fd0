"""The measurements: each starts the app, clicks, and reads off the figures."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import libraries
from bench.apps import DESK, Running, Setup, free_port, running
from bench.clicks import approval, seed, signed
from bench.load import HttpLane, Send, a_second, in_flight, percentile
from bench.stand_in import StandIn

Figures = dict[str, float]

IN_FLIGHT = 32
WARM_UP = 400
EVENTS = 20_000
SLOW_CLICKS = 20
FAST_CLICKS = 1000


@dataclass
class Surroundings:
    stand_in: StandIn
    folder: Path
    listeners: list[str]
    clicks: int
    database_url: str
    _count: int = 0

    async def setup(self, approvals: int) -> Setup:
        """A new database with releases for ``approvals`` approvals."""
        self._count += 1
        url = self.database_url or f"sqlite:///{self.folder / f'bench-{self._count}.db'}"
        await seed(url, approvals // 2 + 1)
        return Setup(self.stand_in, url, self.listeners, self.folder / "log")


async def http(name: str, around: Surroundings) -> Figures:
    """Throughput and latency over signed HTTP."""
    total = WARM_UP + around.clicks + SLOW_CLICKS + FAST_CLICKS
    setup = await around.setup(total)
    async with running(name, setup, port=free_port()) as app:
        await _settle(app)
        requests = [signed(approval(number), app.port) for number in range(total)]
        lanes = [HttpLane(app.port) for _ in range(IN_FLIGHT)]
        sends = [_through(lane, requests) for lane in lanes]
        figures = await _figures(sends, around.clicks, "HTTP")
        for lane in lanes:
            lane.close()
    _check_durable(name, setup, total)
    return figures


async def socket(name: str, around: Surroundings) -> Figures:
    """Throughput and latency over Socket Mode."""
    total = WARM_UP + around.clicks + SLOW_CLICKS + FAST_CLICKS
    setup = await around.setup(total)
    async with running(name, setup) as app:
        await _settle(app)
        sends = [_over_socket(around.stand_in)] * IN_FLIGHT
        figures = await _figures(sends, around.clicks, "Socket Mode")
    _check_durable(name, setup, total)
    return figures


async def start(name: str, around: Surroundings) -> Figures:
    """From starting the process to being connected by Socket Mode."""
    async with running(name, await around.setup(2)) as app:
        return {"start to connected, s": app.seconds_to_connect}


async def memory(name: str, around: Surroundings) -> Figures:
    """Resident memory, idle and after many events."""
    setup = await around.setup(EVENTS)
    async with running(name, setup) as app:
        await _settle(app)
        idle = app.memory()
        # For the bare app this is its idle memory, so that the ratio is the libraries' share of the goal.
        alone = libraries.memory() if name == DESK else idle
        await in_flight([_over_socket(around.stand_in)] * IN_FLIGHT, EVENTS)
        return {
            "memory of the libraries alone, MB": alone,
            "idle memory, MB": idle,
            "memory after 20,000 events, MB": app.memory(),
        }


async def _figures(sends: list[Send], clicks: int, way: str) -> Figures:
    await in_flight(sends, WARM_UP)
    rate, _ = await in_flight(sends, clicks, WARM_UP)
    slow = await a_second(sends, 1, SLOW_CLICKS, WARM_UP + clicks)
    fast = await a_second(sends, 200, FAST_CLICKS, WARM_UP + clicks + SLOW_CLICKS)
    return {
        f"approvals/s over {way}, 32 in flight": rate,
        f"p50 at 1/s over {way}, ms": percentile(slow, 0.5) * 1000,
        f"p99 at 1/s over {way}, ms": percentile(slow, 0.99) * 1000,
        f"p50 at 200/s over {way}, ms": percentile(fast, 0.5) * 1000,
        f"p99 at 200/s over {way}, ms": percentile(fast, 0.99) * 1000,
    }


def _through(lane: HttpLane, requests: list[bytes]) -> Callable[[int], Coroutine[Any, Any, float]]:
    return lambda number: lane.send(requests[number])


def _over_socket(stand_in: StandIn) -> Callable[[int], Coroutine[Any, Any, float]]:
    return lambda number: stand_in.click(approval(number), number)


async def _settle(app: Running) -> None:
    """Wait until a started app is at rest: its memory has stopped growing."""
    last = 0.0
    while abs(app.memory() - last) > 0.1:
        last = app.memory()
        await asyncio.sleep(1)


def _check_durable(name: str, setup: Setup, expected: int) -> None:
    """Raises RuntimeError unless every acknowledged approval is in the database."""
    if name != DESK or not setup.database_url.startswith("sqlite"):
        return
    with sqlite3.connect(setup.database_url.removeprefix("sqlite:///")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM decision").fetchone()
    if count != expected:
        raise RuntimeError(f"{expected} approvals were acknowledged, {count} are in the database")

"""Runs the measurements and prints one table: Release Desk, the bare app, and their ratio."""

import asyncio
import compileall
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import typer

from bench import measure
from bench.apps import BARE, DESK
from bench.clearance import compare
from bench.listeners import names
from bench.measure import Figures, Surroundings
from bench.stand_in import StandIn

PACKAGES = ("bench", "bot", "handlers", "messages", "models", "scheduler")

MEASUREMENTS = {
    "http": measure.http,
    "socket": measure.socket,
    "start": measure.start,
    "memory": measure.memory,
}

CLEARANCE = "clearance"

GOALS = {
    "approvals/s over HTTP, 32 in flight": (">=", 0.8),
    "approvals/s over Socket Mode, 32 in flight": (">=", 0.8),
    "start to connected, s": ("<=", 1.5),
    "idle memory, MB": ("<=", 1.6),
    "memory after 20,000 events, MB": ("<=", 1.6),
}


async def _run(rounds: int, clicks: int, database_url: str, chosen: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stand_in = StandIn()
        await stand_in.start()
        around = Surroundings(stand_in, Path(folder), names(), clicks, database_url)
        print(f"{len(around.listeners)} listeners, {rounds} rounds of {clicks:,} approvals, medians of pairs\n")
        print(f"{'':46}{'Release Desk':>14}{'bare Bolt':>12}{'ratio':>8}  goal")
        try:
            for name in chosen:
                if name == CLEARANCE:
                    asked, approved = await compare(Path(folder), database_url)
                    print(f"a clearance {asked:.2f} ms, an approval {approved:.2f} ms", flush=True)
                else:
                    await _pairs(MEASUREMENTS[name], around, rounds)
        finally:
            await stand_in.stop()


async def _pairs(
    measurement: Callable[[str, Surroundings], Awaitable[Figures]], around: Surroundings, rounds: int
) -> None:
    pairs = []
    for number in range(rounds):
        order = (DESK, BARE) if number % 2 == 0 else (BARE, DESK)
        measured = {name: await measurement(name, around) for name in order}
        pairs.append((measured[DESK], measured[BARE]))
    for label in pairs[0][0]:
        ours = statistics.median(pair[0][label] for pair in pairs)
        bare = statistics.median(pair[1][label] for pair in pairs)
        ratio = statistics.median(pair[0][label] / pair[1][label] for pair in pairs)
        sign, goal = GOALS.get(label, ("", 0.0))
        wanted = f"{sign} {goal}" if sign else ""
        print(f"{label:46}{ours:14,.2f}{bare:12,.2f}{ratio:8.2f}  {wanted}", flush=True)


def main(rounds: int = 3, clicks: int = 8000, database_url: str = "", only: str = "") -> None:
    """Measure; ``--database-url`` names a PostgreSQL server instead of an SQLite file.

    ``--only`` names what to measure: ``http``, ``socket``, ``start``, ``memory``, ``clearance``; several with
    commas between.
    """
    for package in PACKAGES:
        compileall.compile_dir(package, quiet=1)  # as an installed program is
    asyncio.run(_run(rounds, clicks, database_url, only.split(",") if only else [*MEASUREMENTS, CLEARANCE]))


if __name__ == "__main__":
    typer.run(main)

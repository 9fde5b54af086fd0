"""The two programs to measure, each as a process of its own."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.clicks import SECRET
from bench.stand_in import StandIn

BARE, DESK = "bare", "release desk"


@dataclass
class Running:
    process: asyncio.subprocess.Process
    port: int
    seconds_to_connect: float

    def memory(self) -> float:
        """Resident memory in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@dataclass(frozen=True)
class Setup:
    stand_in: StandIn
    database_url: str
    listeners: list[str]
    log: Path


@asynccontextmanager
async def running(name: str, setup: Setup, *, port: int = 0) -> AsyncIterator[Running]:
    """Start an app on HTTP (``port``) or Socket Mode (0), wait until it is ready, and stop it afterwards."""
    command = [sys.executable, "-m", "bench.bare", "\n".join(setup.listeners)]
    if name == DESK:
        command = [sys.executable, "-m", "bot", "run"]
    setup.stand_in.forget()
    with setup.log.open("ab") as log:
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *command, env=_environment(setup, port), stdout=log, stderr=log
        )
        try:
            if port:
                await _listening(port, process)
                connected = time.monotonic()
            else:
                await asyncio.wait_for(setup.stand_in.connected.wait(), 60)
                connected = setup.stand_in.connected_at
            yield Running(process, port, connected - begun)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), 20)
            except TimeoutError:
                process.kill()
                await process.wait()


def _environment(setup: Setup, port: int) -> dict[str, str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("SLACK_", "DATABASE_", "PORT"))
    }
    environment |= {
        "SLACK_API_URL": setup.stand_in.url,
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "DATABASE_URL": setup.database_url,
        "LOG_LEVEL": "WARNING",
        "PORT": str(port or free_port()),
    }
    if port:
        return environment | {"SLACK_SIGNING_SECRET": SECRET}
    return environment | {"SLACK_APP_TOKEN": "xapp-1-bench"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _listening(port: int, process: asyncio.subprocess.Process) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.returncode is not None:
            raise RuntimeError(f"the app ended with {process.returncode}; its log says why")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
    raise RuntimeError("the app does not listen")

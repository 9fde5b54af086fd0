"""``releasedesk demo`` as one starts it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp

from tests.journeys.test_kill import free_port

ROOT = Path(__file__).parents[2]


async def test_the_demo_serves_its_page_on_the_port_it_is_given_and_ends_when_told():
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        said = (await process.stdout.readline()).decode()
        assert f"http://127.0.0.1:{port}" in said
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as page:
            assert page.status == 200
            assert "Harbour Goods" in await page.text()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0

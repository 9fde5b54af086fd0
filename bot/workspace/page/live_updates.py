"""Telling open pages what changed: server-sent events that only name the parts to draw anew."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from bot.workspace.page.pages import person_of
from bot.workspace.page.responses import HEADERS
from bot.workspace.workspace import Workspace
from bot.workspace.world.records import Change

HEARTBEAT_SECONDS = 20.0
GATHERING_SECONDS = 0.03


class OpenPages:
    """The event streams that are open, so that they end when the server does."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def opened(self, task: asyncio.Task[None]) -> AsyncIterator[None]:
        """Keep `task` for as long as the stream lasts, and end it with it."""
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)
            task.cancel()

    async def close(self, app: web.Application) -> None:
        """End every stream."""
        for task in tuple(self._tasks):
            task.cancel()


OPEN_PAGES: web.AppKey[OpenPages] = web.AppKey("open_pages", OpenPages)


def parts_of(change: Change, person: str) -> set[str]:
    """The parts of `person`'s pages that a change touches."""
    if change.person not in (None, person) and change.kind in {"message", "view", "home", "read"}:
        return set()
    match change.kind:
        case "message":
            return {f"channel-{change.channel}", "sidebar"}
        case "read":
            return {"sidebar"}
        case "channel" | "people":
            return {"everything"}
        case other:
            return {other}


async def changes(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """The stream of changes for one person: each event's data names parts, apart by blanks.

    It ends when the page is left (its connection is found closed) or the server stops.
    """
    person = person_of(workspace, request).id
    response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
    await response.prepare(request)
    with workspace.subscribe() as subscription:
        waiting: set[str] = set()
        rung = asyncio.Event()

        async def gather() -> None:
            async for change in subscription:
                waiting.update(parts_of(change, person))
                rung.set()

        gatherer = asyncio.create_task(gather())
        async with request.app[OPEN_PAGES].opened(gatherer):
            with contextlib.suppress(ConnectionResetError):
                await response.write(b"retry: 1000\n\n")
                while not gatherer.done():
                    await _pass_on(response, waiting, rung, gatherer)
    return response


async def _pass_on(
    response: web.StreamResponse, waiting: set[str], rung: asyncio.Event, gatherer: asyncio.Task[None]
) -> None:
    """Send what has gathered, or a sign of life when nothing has for a while."""
    ring = asyncio.create_task(rung.wait())
    await asyncio.wait({ring, gatherer}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    ring.cancel()
    if gatherer.done():
        return
    if not rung.is_set():
        await response.write(b": still here\n\n")
        return
    await asyncio.sleep(GATHERING_SECONDS)
    rung.clear()
    named = " ".join(sorted(waiting))
    waiting.clear()
    if named:
        await response.write(f"data: {named}\n\n".encode())

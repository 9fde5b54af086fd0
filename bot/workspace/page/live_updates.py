"""Live updates of open pages: server-sent events that name the parts to redraw."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from bot.workspace.page.pages import person_of
from bot.workspace.page.responses import HEADERS
from bot.workspace.workspace import Workspace
from bot.workspace.world.page_updates import PageUpdate

HEARTBEAT_SECONDS = 20.0
GATHERING_SECONDS = 0.03


class OpenPages:
    """The open event streams, to end with the server."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def opened(self, task: asyncio.Task[None]) -> AsyncIterator[None]:
        """Cancel `task` when the stream ends."""
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)
            task.cancel()

    async def close(self, app: web.Application) -> None:
        for task in tuple(self._tasks):
            task.cancel()


OPEN_PAGES: web.AppKey[OpenPages] = web.AppKey("open_pages", OpenPages)


def parts_of(update: PageUpdate, person: str) -> set[str]:
    """The parts of `person`'s pages to redraw."""
    if update.person not in (None, person) and update.kind in {"message", "view", "home", "read"}:
        return set()
    match update.kind:
        case "message":
            return {f"channel-{update.channel}", "sidebar"}
        case "read":
            return {"sidebar"}
        case "channel" | "people":
            return {"everything"}
        case other:
            return {other}


async def stream_updates(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Each event's data names parts of the person's pages, separated by spaces.

    Ends when a write finds the connection closed, or when the server stops.
    """
    person = person_of(workspace, request).id
    response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
    await response.prepare(request)
    with workspace.subscribe() as stream:
        changed: set[str] = set()
        something_changed = asyncio.Event()

        async def gather() -> None:
            async for update in stream:
                changed.update(parts_of(update, person))
                something_changed.set()

        gatherer = asyncio.create_task(gather())
        async with request.app[OPEN_PAGES].opened(gatherer):
            with contextlib.suppress(ConnectionResetError):
                await response.write(b"retry: 1000\n\n")
                while not gatherer.done():
                    await _send_next(response, changed, something_changed, gatherer)
    return response


async def _send_next(
    response: web.StreamResponse, changed: set[str], something_changed: asyncio.Event, gatherer: asyncio.Task[None]
) -> None:
    """Send what gathered, or a heartbeat if nothing did."""
    wait = asyncio.create_task(something_changed.wait())
    await asyncio.wait({wait, gatherer}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    wait.cancel()
    if gatherer.done():
        return
    if not something_changed.is_set():
        await response.write(b": still here\n\n")
        return
    await asyncio.sleep(GATHERING_SECONDS)
    something_changed.clear()
    named = " ".join(sorted(changed))
    changed.clear()
    if named:
        await response.write(f"data: {named}\n\n".encode())

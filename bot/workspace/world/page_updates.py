"""Telling open pages what changed."""

import asyncio
from dataclasses import dataclass
from types import TracebackType

_QUEUED = 1000


@dataclass(frozen=True)
class PageUpdate:
    """What changed, and where.

    ``kind`` is one of message, view, home, read, clock, people, channel, traffic, faults; "everything" means that
    updates were lost and the page should be redrawn.
    """

    kind: str
    channel: str | None = None
    ts: str | None = None
    person: str | None = None
    view_id: str | None = None


class UpdateStream:
    """An async iterator of :class:`PageUpdate`, from the moment it was made.

    A reader that falls far behind gets one "everything" in place of what it missed. Close it, or use it as a
    context manager.
    """

    def __init__(self, updates: "PageUpdates") -> None:
        self._updates = updates
        self._queue: asyncio.Queue[PageUpdate] = asyncio.Queue(_QUEUED)

    def put(self, update: PageUpdate) -> None:
        """Never blocks."""
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            update = PageUpdate("everything")
        self._queue.put_nowait(update)

    def close(self) -> None:
        self._updates.drop(self)

    def __aiter__(self) -> "UpdateStream":
        return self

    async def __anext__(self) -> PageUpdate:
        return await self._queue.get()

    def __enter__(self) -> "UpdateStream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PageUpdates:
    """The streams that are open."""

    def __init__(self) -> None:
        self._streams: set[UpdateStream] = set()

    def subscribe(self) -> UpdateStream:
        stream = UpdateStream(self)
        self._streams.add(stream)
        return stream

    def drop(self, stream: UpdateStream) -> None:
        self._streams.discard(stream)

    def tell(self, update: PageUpdate) -> None:
        for stream in self._streams:
            stream.put(update)

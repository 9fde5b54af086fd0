"""Sends clicks: with a fixed number in flight, or at a fixed rate."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

Send = Callable[[int], Awaitable[float]]
"""Sends the click with this number; returns the seconds until it was acknowledged."""


class HttpLane:
    """One kept-alive connection, written by hand so that the client costs less than what it measures."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._one_at_a_time = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: bytes) -> float:
        """Send ``request``; returns the seconds until the answer was read. Raises RuntimeError unless it is 200."""
        begun = time.perf_counter()
        async with self._one_at_a_time:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"the app answered {head.splitlines()[0].decode()}")
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
        return time.perf_counter() - begun

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()


async def in_flight(sends: Sequence[Send], count: int, first: int = 0) -> tuple[float, list[float]]:
    """Send ``count`` clicks with ``len(sends)`` in flight; returns clicks a second, and each one's seconds."""
    numbers = iter(range(first, first + count))
    seconds: list[float] = []

    async def lane(send: Send) -> None:
        for number in numbers:
            seconds.append(await send(number))

    begun = time.perf_counter()
    await asyncio.gather(*(lane(send) for send in sends))
    return count / (time.perf_counter() - begun), seconds


async def a_second(sends: Sequence[Send], rate: float, count: int, first: int = 0) -> list[float]:
    """Send ``count`` clicks at ``rate`` a second, however long they take; returns each one's seconds."""
    begun = asyncio.get_running_loop().time()
    tasks = []
    for index in range(count):
        await asyncio.sleep(max(begun + index / rate - asyncio.get_running_loop().time(), 0))
        tasks.append(asyncio.ensure_future(sends[index % len(sends)](first + index)))
    return list(await asyncio.gather(*tasks))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

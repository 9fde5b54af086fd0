"""Telling live pages what changed."""

import asyncio
from types import TracebackType

from bot.workspace.world.records import Change

_QUEUED = 1000


class Subscription:
    """An async iterator of :class:`~bot.workspace.world.records.Change`, from the moment it was made.

    A reader that falls far behind gets one notice "everything" in place of those it missed. Close it, or use it
    as a context manager.
    """

    def __init__(self, office: "Notices") -> None:
        self._office = office
        self._queue: asyncio.Queue[Change] = asyncio.Queue(_QUEUED)

    def put(self, change: Change) -> None:
        """Hand over a notice; never blocks."""
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            change = Change("everything")
        self._queue.put_nowait(change)

    def close(self) -> None:
        """End the subscription."""
        self._office.drop(self)

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> Change:
        return await self._queue.get()

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Notices:
    """Everybody who wants to know what changes."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def subscribe(self) -> Subscription:
        """Begin to collect notices."""
        subscription = Subscription(self)
        self._subscriptions.add(subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        """Forget ``subscription``."""
        self._subscriptions.discard(subscription)

    def tell(self, change: Change) -> None:
        """Tell everybody."""
        for subscription in self._subscriptions:
            subscription.put(change)

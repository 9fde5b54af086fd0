"""The workspace's clock, which runs like a real one and can be moved forward."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

Listener = Callable[[datetime], Awaitable[None] | None]
"""Called with the new time after each move."""

NextDue = Callable[[], Awaitable[datetime | None]]
"""When the app has something to do next; None if nothing is due."""


def real_now() -> datetime:
    """The machine's time, aware and in UTC, whatever the workspace's clock shows."""
    return datetime.now(UTC)


class MovableClock:
    """Real time plus an offset that only grows, so that moments stay in order.

    ``start`` is the aware moment that the clock shows first, by default the machine's time. ``next_due`` may be set
    later.
    """

    def __init__(self, start: datetime | None = None, next_due: NextDue | None = None) -> None:
        self._offset = start - real_now() if start else timedelta()
        self._listeners: list[Listener] = []
        self.next_due = next_due

    def now(self) -> datetime:
        """Aware and in UTC."""
        return real_now() + self._offset

    def on_move(self, listener: Listener) -> None:
        """What ``listener`` returns is awaited, if it can be, before :meth:`move` returns."""
        self._listeners.append(listener)

    async def move(self, *, by: timedelta | None = None, to: datetime | None = None) -> datetime:
        """Move forward ``by`` a length or ``to`` an aware moment; returns the new time.

        Raises ValueError for a move backwards, a naive moment, and both or neither of the two arguments.
        """
        if (by is None) == (to is None):
            raise ValueError("say either how far to move the clock or to which moment")
        if to is not None and to.tzinfo is None:
            raise ValueError("the moment to move to needs a time zone")
        length = by if by is not None else to - self.now()  # type: ignore[operator]
        if length < timedelta():
            raise ValueError("the clock moves forward only")
        self._offset += length
        moment = self.now()
        for listener in tuple(self._listeners):
            told = listener(moment)
            if inspect.isawaitable(told):
                await told
        return moment

    async def move_to_next_due(self) -> datetime | None:
        """Returns None, and does not move, when nothing is due."""
        due = await self.next_due() if self.next_due else None
        if due is None:
            return None
        return await self.move(to=max(due, self.now()))

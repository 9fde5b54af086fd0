"""The workspace's clock: it runs like a real one and can be moved forward."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

Listener = Callable[[datetime], Awaitable[None] | None]
"""Told the new moment after each move."""

NextDue = Callable[[], Awaitable[datetime | None]]
"""Finds the moment at which the app has something to do next; None when it has nothing."""


def real_now() -> datetime:
    """The machine's own moment, aware and in UTC, however far the workspace's clock was moved."""
    return datetime.now(UTC)


class MovableClock:
    """Real time plus an offset that only grows, so moments stay in order.

    ``start`` is what the clock shows first (aware); the machine's own time without it. ``next_due`` may be set
    later, by whoever knows what the app is waiting for.
    """

    def __init__(self, start: datetime | None = None, next_due: NextDue | None = None) -> None:
        self._offset = start - real_now() if start else timedelta()
        self._listeners: list[Listener] = []
        self.next_due = next_due

    def now(self) -> datetime:
        """The workspace's present moment, aware and in UTC."""
        return real_now() + self._offset

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the machine's."""
        return self._offset

    def on_move(self, listener: Listener) -> None:
        """Tell ``listener`` about every move; an awaitable one is awaited before :meth:`move` returns."""
        self._listeners.append(listener)

    async def move(self, *, by: timedelta | None = None, to: datetime | None = None) -> datetime:
        """Move forward ``by`` a length or ``to`` an aware moment, and tell the listeners.

        Returns the new moment. Raises ValueError for a move backwards, a naive moment, or both or neither of
        the two arguments.
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
        """Move to the next moment at which the app has something to do; None, and no move, when there is none."""
        due = await self.next_due() if self.next_due else None
        if due is None:
            return None
        return await self.move(to=max(due, self.now()))

"""The clock that only moves forward."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.workspace.world.clock import MovableClock


async def test_nothing_due_moves_nothing() -> None:
    clock = MovableClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert await clock.move_to_next_due() is None
    assert clock.now() - datetime(2026, 11, 24, 9, tzinfo=UTC) < timedelta(minutes=1)
    with pytest.raises(ValueError, match="time zone"):
        await clock.move(to=datetime(2027, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="either"):
        await clock.move()

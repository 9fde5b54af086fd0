"""What is delivered again is carried out once."""

import asyncio

import pytest

from models.events import SYSTEM


async def first_time(work, use: str = "build", key: str = "nonce") -> bool:
    async with work(SYSTEM) as tx:
        first = await tx.once(use, key)
        await asyncio.sleep(0)
        return first


async def test_of_several_at_the_same_moment_one_is_the_first(work):
    assert sorted(await asyncio.gather(*(first_time(work) for _ in range(4)))) == [False, False, False, True]
    assert not await first_time(work)


async def test_the_same_key_of_another_use_is_another(work):
    assert await first_time(work, "build", "nonce")
    assert await first_time(work, "test", "nonce")
    assert await first_time(work, "build", "other")


async def fail(work) -> None:
    async with work(SYSTEM) as tx:
        assert await tx.once("build", "nonce")
        raise RuntimeError


async def test_what_failed_may_be_carried_out_when_it_is_repeated(work):
    with pytest.raises(RuntimeError):
        await fail(work)
    assert await first_time(work)

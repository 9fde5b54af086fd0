"""A submission that Slack delivers again is answered as it was the first time.

That nothing is done twice is up to the use cases (:meth:`models.unit_of_work.Transaction.once`). This is about what
the person sees: a modal whose work is done must not say that it cannot be done any more.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from slack_bolt.response import BoltResponse

REMEMBERED = 200
"""Submissions whose answer is remembered, the latest ones: a repeat comes within minutes."""


class RepeatedSubmissions:
    """The answers to the latest submissions, by the key of their payload."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, asyncio.Task[BoltResponse]] = OrderedDict()

    async def answer(self, payload_key: str, work: Callable[[], Coroutine[Any, Any, BoltResponse]]) -> BoltResponse:
        """The result of ``work``; a repeat waits for it, or gets what it was, without working again."""
        answer = self._answers.get(payload_key)
        if answer is None:
            answer = self._answers[payload_key] = asyncio.create_task(work())
            if len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return await asyncio.shield(answer)

    def forget(self, payload_key: str) -> None:
        """Let ``payload_key`` be worked on again: nothing has come of it."""
        self._answers.pop(payload_key, None)

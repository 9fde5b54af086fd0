"""Calls to Slack for the doctor: a few at a time, waiting when Slack asks for it."""

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import TRANSPORT_ERRORS, refusal, wait_asked_for

AT_ONCE = 5
"""Calls under way at the same time."""

TRIES = 4
LONGEST_WAIT = 90.0
"""Seconds; a ``Retry-After`` beyond it is not waited for."""


class Refused(Exception):
    """Slack did not do it: ``code`` is its word for why or, where it was not reached, the kind of the error."""

    def __init__(self, code: str, *, reached: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.reached = reached


class Caller:
    """Calls methods and gives Slack's answers; ``headers`` are those of the last one."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._room = asyncio.Semaphore(AT_ONCE)
        self.headers: dict[str, str] = {}

    async def call(self, method: str, *, token: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Slack's answer. Raises Refused when there is none, or when it says no."""
        given = {**arguments, "token": token} if token else arguments
        async with self._room:
            for tried in range(TRIES):
                try:
                    answer = await self._client.api_call(method, params=given)
                except SlackApiError as error:
                    wait = wait_asked_for(error)
                    if refusal(error) != "ratelimited" or wait > LONGEST_WAIT or tried == TRIES - 1:
                        code = refusal(error) or "server_error"
                        raise Refused(code) from error
                    await asyncio.sleep(wait)
                except TRANSPORT_ERRORS as error:
                    raise Refused(type(error).__name__, reached=False) from error
                else:
                    self.headers = {name.lower(): value for name, value in answer.headers.items()}
                    return dict(answer.data) if isinstance(answer.data, dict) else {}
        raise Refused("ratelimited")

"""Calls to Slack for the doctor: a few at a time, repeated when Slack limits the rate."""

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import TRANSPORT_ERRORS, refusal, wait_asked_for

AT_ONCE = 5
"""Calls at the same time."""

TRIES = 4
LONGEST_WAIT = 90.0
"""Seconds; the doctor does not wait for a longer ``Retry-After``."""


class CallRefused(Exception):
    """Slack said no, with ``code`` as its reason, or was not ``reached``: then ``code`` is the error's type."""

    def __init__(self, code: str, *, reached: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.reached = reached


class Caller:
    """``headers`` are those of Slack's last answer."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._room = asyncio.Semaphore(AT_ONCE)
        self.headers: dict[str, str] = {}

    async def call(self, method: str, *, token: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Slack's answer. Raises CallRefused."""
        given = {**arguments, "token": token} if token else arguments
        async with self._room:
            for attempt in range(TRIES):
                try:
                    answer = await self._client.api_call(method, params=given)
                except SlackApiError as error:
                    wait = wait_asked_for(error)
                    if refusal(error) != "ratelimited" or wait > LONGEST_WAIT or attempt == TRIES - 1:
                        code = refusal(error) or "server_error"
                        raise CallRefused(code) from error
                    await asyncio.sleep(wait)
                except TRANSPORT_ERRORS as error:
                    raise CallRefused(type(error).__name__, reached=False) from error
                else:
                    self.headers = {name.lower(): value for name, value in answer.headers.items()}
                    return dict(answer.data) if isinstance(answer.data, dict) else {}
        raise CallRefused("ratelimited")

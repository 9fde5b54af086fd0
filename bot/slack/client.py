"""The client of Slack's Web API, and what a refusal means while the program starts."""

import asyncio
import random
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.config.settings import Settings
from models.errors import Invalid
from models.time.retry import backoff, retry_after

log = structlog.get_logger()

PATIENCE = 15
"""Seconds a call may take."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries to reach Slack."""

TRANSPORT_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)
"""Raised when Slack was not reached or its answer was lost."""

PASSING = frozenset(
    ("", "ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
     "too_many_websockets")
)  # fmt: skip
"""Refusals that may pass; any other at the start means a wrong token or a misconfigured app."""


def make_session() -> aiohttp.ClientSession:
    """The session that all calls share, made inside the running loop. Uses the proxies of the environment."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE), trust_env=True)


def make_client(settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client for the bot token that repeats no call: only the caller knows whether it may."""
    token = settings.slack_bot_token
    return AsyncWebClient(
        token=token.get_secret_value() if token else None,
        base_url=settings.slack_api_url,
        session=session,
        timeout=PATIENCE,
        retry_handlers=[],
    )


def make_patient_client(client: AsyncWebClient) -> AsyncWebClient:
    """One like ``client`` for answers to a person who is waiting.

    It repeats rate-limited calls when Slack says so, and a call that was cut off once more at once: an answer that
    appears twice does no harm.
    """
    return AsyncWebClient(
        token=client.token,
        base_url=client.base_url,
        session=client.session,
        timeout=client.timeout,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=3), AsyncConnectionErrorRetryHandler()],
    )


async def identify(client: AsyncWebClient) -> dict[str, Any]:
    """Slack's answer to ``auth.test``, waiting for a Slack that is away.

    Raises :class:`~models.errors.Invalid` when Slack refuses the token.
    """
    tries = 0
    while True:
        try:
            answer = await client.auth_test()
        except SlackApiError as error:
            if refusal(error) not in PASSING:
                raise refused_token("SLACK_BOT_TOKEN", error) from None
            tries += 1
            await pause(tries, error)
        except TRANSPORT_ERRORS as error:
            tries += 1
            await pause(tries, error)
        else:
            return dict(answer.data) if isinstance(answer.data, dict) else {}


def refused_token(name: str, error: SlackApiError) -> Invalid:
    """The error for a setting ``name`` that holds a token Slack refuses."""
    page = "OAuth & Permissions" if name == "SLACK_BOT_TOKEN" else "Basic Information"
    what = f"{name} is refused by Slack ({refusal(error)})"
    return Invalid({name: f"{what}; copy the token again from the page {page} of your Slack app."})


def refusal(error: Exception) -> str:
    """Slack's word for the refusal; empty for server errors and what was no answer from Slack."""
    if not isinstance(error, SlackApiError) or getattr(error.response, "status_code", 200) >= 500:
        return ""
    return str(error.response.get("error") or "")


async def pause(tries: int, error: Exception) -> None:
    """Sleep before the next try: longer each time, and at least as long as Slack asks for."""
    seconds = backoff(tries, FIRST_PAUSE, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
    seconds = max(seconds, wait_asked_for(error))
    log.warning("slack_not_reached", error=refusal(error) or type(error).__name__, again_in=round(seconds, 1))
    await asyncio.sleep(seconds)


def wait_asked_for(error: Exception) -> float:
    """The seconds that Slack asks to wait; 0 if it asks for none."""
    return retry_after(getattr(getattr(error, "response", None), "headers", None))

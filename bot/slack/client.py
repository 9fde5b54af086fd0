"""The way to Slack's Web API: one client over one session, and what its refusals mean to a program that starts."""

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
"""Seconds that a call may take."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries to reach Slack: doubled each time."""

TRANSPORT_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)
"""Slack was not reached, or its answer was lost."""

PASSING = frozenset(
    ("", "ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
     "too_many_websockets")
)  # fmt: skip
"""Refusals that another try may mend; anything else at the start means a wrong token or a wrongly made app."""


def make_session() -> aiohttp.ClientSession:
    """The session that all calls share; make it inside the running loop. Proxies are taken from the environment."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE), trust_env=True)


def make_client(settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client for the bot token that repeats no call by itself: the caller knows whether it may be repeated."""
    token = settings.slack_bot_token
    return AsyncWebClient(
        token=token.get_secret_value() if token else None,
        base_url=settings.slack_api_url,
        session=session,
        timeout=PATIENCE,
        retry_handlers=[],
    )


def make_patient_client(client: AsyncWebClient) -> AsyncWebClient:
    """One like ``client`` for answers to a person, who waits.

    A call that Slack puts off is made again when it says so, and one that was cut off once more at once: an answer
    that stands there twice does no harm.
    """
    return AsyncWebClient(
        token=client.token,
        base_url=client.base_url,
        session=client.session,
        timeout=client.timeout,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=3), AsyncConnectionErrorRetryHandler()],
    )


async def identify(client: AsyncWebClient) -> dict[str, Any]:
    """Who the bot token belongs to (``auth.test``); a Slack that is away is waited for.

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
    """The setting ``name`` holds a token that Slack refuses."""
    page = "OAuth & Permissions" if name == "SLACK_BOT_TOKEN" else "Basic Information"
    what = f"{name} is refused by Slack ({refusal(error)})"
    return Invalid({name: f"{what}; copy the token again from the page {page} of your Slack app."})


def refusal(error: Exception) -> str:
    """Slack's word for the refusal; empty when it was no answer of Slack's, or a server error."""
    if not isinstance(error, SlackApiError) or getattr(error.response, "status_code", 200) >= 500:
        return ""
    return str(error.response.get("error") or "")


async def pause(tries: int, error: Exception) -> None:
    """Wait before the next try: longer each time, and at least as long as Slack asked for."""
    seconds = backoff(tries, FIRST_PAUSE, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
    seconds = max(seconds, wait_asked_for(error))
    log.warning("slack_not_reached", error=refusal(error) or type(error).__name__, again_in=round(seconds, 1))
    await asyncio.sleep(seconds)


def wait_asked_for(error: Exception) -> float:
    """The seconds that Slack asks to wait; 0 if it asks for none."""
    return retry_after(getattr(getattr(error, "response", None), "headers", None))

"""Hands Slack's payloads to Bolt, whether they came by Socket Mode or HTTP."""

import logging
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.dispatch.incoming import Payload, person_of


def make_app(client: AsyncWebClient, identity: Payload) -> AsyncApp:
    """A Bolt app that takes its identity from ``identity``, the answer of ``auth.test``, instead of asking Slack.

    :mod:`bot.http.server` checks signatures and Socket Mode has none, so Bolt need not. With
    ``process_before_response`` an acknowledgement leaves at once; without it Bolt looks for it every 10 ms.
    """
    log = logging.getLogger("slack_bolt.release_desk")
    log.setLevel(logging.ERROR)  # Bolt warns of a bot token in the environment; it gets none on purpose
    app = _OneClient(
        name="release_desk",
        logger=log,
        client=AsyncWebClient(base_url=client.base_url, session=client.session, timeout=client.timeout),
        authorize=_Known(str(client.token), identity),
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
    )
    log.setLevel(logging.WARNING)
    return app


class _OneClient(AsyncApp):
    """Bolt makes a client for every request in case its token changes; ours never does."""

    def _init_context(self, req: AsyncBoltRequest) -> None:
        req.context["logger"] = self.logger
        req.context["client"] = self.client


class _Known(AsyncAuthorize):
    def __init__(self, token: str, identity: Payload) -> None:
        self._result = AuthorizeResult(
            enterprise_id=identity.get("enterprise_id"),
            team_id=identity.get("team_id"),
            bot_user_id=identity.get("user_id"),
            bot_id=identity.get("bot_id"),
            bot_token=token,
        )

    async def __call__(self, **_who: Any) -> AuthorizeResult:
        return self._result


class Receiver:
    """Runs payloads through Bolt, each with its id in every log line that it causes."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app

    async def receive(self, payload: Payload, payload_id: str) -> BoltResponse:
        """The answer to ``payload``; any status but 200 means that nothing handled it."""
        with structlog.contextvars.bound_contextvars(payload=payload_id, person=person_of(payload)):
            return await self._app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))

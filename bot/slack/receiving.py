"""What Slack delivers is handed to Bolt here, whichever way it came."""

import json
import logging
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

Payload = dict[str, Any]


def make_app(client: AsyncWebClient, identity: Payload) -> AsyncApp:
    """A Bolt app that knows from ``identity`` (the answer of ``auth.test``) who it is, so that it asks nobody.

    Signatures are checked by :mod:`bot.http.server` and Socket Mode needs none, so Bolt does not check them again.
    With ``process_before_response`` a listener's acknowledgement leaves at once; else Bolt looks every 10 ms.
    """
    log = logging.getLogger("slack_bolt.release_desk")
    log.setLevel(logging.ERROR)  # Bolt warns of the bot token in the environment, which it is not given on purpose
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
    """Bolt makes a client for every request, in case somebody changes its token; nobody does here."""

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
    """Runs one delivery after another through Bolt, each with its name in every log line it causes."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app

    async def receive(self, payload: Payload, delivery: str) -> BoltResponse:
        """What to answer to ``payload``; a status other than 200 means that it was not taken."""
        with structlog.contextvars.bound_contextvars(delivery=delivery, person=_person(payload)):
            return await self._app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))


def decode(body: str, content_type: str) -> Payload:
    """The payload of a signed request: JSON, or a form whose ``payload`` field may hold the JSON.

    Raises ValueError when it is neither. Forms are read by aiohttp's yarl: a payload is nearly all percent signs,
    on which the standard library spends ten times as long.
    """
    if content_type == "application/json":
        payload = json.loads(body)
    else:
        form: dict[str, str] = dict(URL.build(query_string=body, encoded=True).query)
        payload = json.loads(form["payload"]) if "payload" in form else form
    if not isinstance(payload, dict):
        raise ValueError("a payload is an object")
    return payload


def _person(payload: Payload) -> str:
    user = payload.get("user") or payload.get("user_id") or (payload.get("event") or {}).get("user") or ""
    return str(user.get("id", "")) if isinstance(user, dict) else str(user)

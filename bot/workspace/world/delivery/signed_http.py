"""Deliveries as signed HTTP requests."""

import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from bot.workspace.world.app import App
from bot.workspace.world.clock import real_now
from bot.workspace.world.errors import DeliveryFailed
from bot.workspace.world.records import Json


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """As Slack's ``X-Slack-Signature`` header carries it."""
    base = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """Posts deliveries to the app's request URLs."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._session: aiohttp.ClientSession | None = None

    async def send(self, kind: str, payload: Json, patience: float, attempt: int = 0, reason: str = "") -> Json:
        """Returns what the app acknowledged with; a plain text becomes ``{"text": ...}``.

        Raises DeliveryFailed when the app has no URL for it, does not answer within ``patience`` seconds, or
        answers with a status other than 200.
        """
        url = self._app.url_for(_route(kind, payload), payload.get("command"))
        if not url:
            raise DeliveryFailed("app_missing_action_url", "Reaching the app")
        body, content_type = _encoded(kind, payload)
        # The app compares this with the machine's time, not with the workspace's clock.
        timestamp = str(int(real_now().timestamp()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._app.signing_secret, timestamp, body),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": _RETRY.get(reason, "http_error")}
        return await self._post(url, body, headers, patience)

    async def _post(self, url: str, body: bytes, headers: dict[str, str], patience: float) -> Json:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        timeout = aiohttp.ClientTimeout(total=patience)
        try:
            async with self._session.post(url, data=body, headers=headers, timeout=timeout) as answer:
                text = await answer.text()
                if answer.status != 200:
                    code = "no_retry" if answer.headers.get("X-Slack-No-Retry") else "dispatch_failed"
                    raise DeliveryFailed(code, f"The app (HTTP {answer.status})")
                return _decoded(text, answer.content_type)
        except TimeoutError:
            raise DeliveryFailed("operation_timeout", "The app") from None
        except aiohttp.ClientError:
            raise DeliveryFailed("connection_failed", "Reaching the app") from None

    async def close(self) -> None:
        if self._session:
            await self._session.close()


_RETRY = {"operation_timeout": "http_timeout", "connection_failed": "connection_failed"}


def _route(kind: str, payload: Json) -> str:
    return "options" if payload.get("type") == "block_suggestion" else kind


def _encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _decoded(text: str, content_type: str) -> Json:
    if not text.strip():
        return {}
    if content_type == "application/json":
        answer = json.loads(text)
        return answer if isinstance(answer, dict) else {}
    return {"text": text}

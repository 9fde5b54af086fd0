"""Asking Release Desk over HTTP, signed, with nothing but the standard library."""

import hashlib
import hmac
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

from models.pipelines.links import GATE
from models.time.clock import Clock, SystemClock

PATIENCE = 10.0
"""Seconds for one answer, which takes one at most."""

AWAY = frozenset((502, 503, 504))
"""Statuses of a server before Release Desk that doesn't reach it, or of one that doesn't reach its database."""

LONGEST = 1024 * 1024

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class DeskAway(Exception):
    """Release Desk can't be reached."""


class Unreadable(Exception):
    """Something answers that is not Release Desk, or not with an answer."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The signature is for one address."""

    def redirect_request(self, *_: Any) -> None:
        return None


class GateClient:
    def __init__(self, desk: str, secret: str, clock: Clock | None = None) -> None:
        self._desk = desk.rstrip("/")
        self._secret = secret.encode()
        self._clock = clock or SystemClock()
        self._opener = urllib.request.build_opener(_NoRedirects())

    @staticmethod
    def problem(desk: str) -> str:
        """Why an address can't be used: without encryption anybody on the way could answer for the desk."""
        address = urlsplit(desk)
        if address.scheme == "https" and address.hostname:
            return ""
        if address.scheme == "http" and address.hostname in _LOOPBACK:
            return ""
        return "The address of Release Desk has to begin with https://."

    def ask(self, body: Mapping[str, str]) -> dict[str, Any]:
        """The answer. Raises :class:`DeskAway` and :class:`Unreadable`."""
        answer = self._post(GATE, body)
        decision, said = answer.get("decision"), answer.get("said")
        if decision not in ("allowed", "awaiting", "prevented", "invalid") or not isinstance(said, str):
            raise Unreadable("what answers there is not Release Desk.")
        return answer

    def report(self, note: Mapping[str, Any]) -> str:
        """Deliver a note; returns what was said. One that is refused for good needs no further try.

        Raises :class:`DeskAway` and :class:`Unreadable`.
        """
        answer = self._post(f"{GATE}/away", note)
        codes = [one.get("code") for one in answer.get("reasons", ()) if isinstance(one, dict)]
        if not isinstance(answer.get("said"), str) or "secret" in codes:
            raise Unreadable(str(answer.get("said") or "it was not taken."))
        return str(answer["said"])

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        content = json.dumps(body).encode()
        timestamp = str(int(self._clock.now().timestamp()))
        signature = hmac.new(self._secret, timestamp.encode() + b"." + content, hashlib.sha256).hexdigest()
        request = urllib.request.Request(  # noqa: S310 - problem() looks at the scheme
            f"{self._desk}{path}",
            data=content,
            headers={
                "Content-Type": "application/json",
                "X-Release-Desk-Timestamp": timestamp,
                "X-Release-Desk-Signature": f"sha256={signature}",
            },
        )
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return _object(answer.read(LONGEST))
        except urllib.error.HTTPError as error:
            with error:
                if error.code in AWAY:
                    raise DeskAway(f"it answers {error.code}") from None
                return _object(error.read(LONGEST), error.code)
        except urllib.error.URLError as error:
            _unreached(error.reason)
        except (OSError, http.client.HTTPException) as error:
            _unreached(error)


def _unreached(why: object) -> NoReturn:
    raise DeskAway(str(why) or type(why).__name__) from None


def _object(content: bytes, status: int = 200) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreadable(f"what answers there is not Release Desk (status {status}).")
    return found

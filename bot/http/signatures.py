"""Whether a request comes from somebody who knows the secret: one check for each way to show it.

Secrets are compared in constant time. A signed timestamp may differ from the machine's clock by five minutes.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping

from models.time.clock import Clock, SystemClock

Headers = Mapping[str, str]

FRESH = 300
"""Seconds by which a request's timestamp may differ from ours: Slack's own limit against replays."""

_STANDARD = "whsec_"
"""Begins GitLab's signing tokens (Standard Webhooks); the key follows in Base64."""


class SlackSignature:
    """Checks that a request comes from Slack and is no replay. Slack signs the real time, so that counts here."""

    def __init__(self, secret: str, clock: Clock | None = None) -> None:
        self._key = secret.encode()
        self._clock = clock or SystemClock()

    def holds(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether ``body`` was signed with our secret in the last five minutes."""
        timestamp = headers.get("X-Slack-Request-Timestamp", "")
        if not _is_fresh(timestamp, self._clock):
            return False
        expected = "v0=" + hmac.digest(self._key, b"v0:" + timestamp.encode() + b":" + body, "sha256").hex()
        given = headers.get("X-Slack-Signature", "")
        return hmac.compare_digest(expected.encode(), given.encode())


class HookSignature:
    """Checks headers against the ``secret`` that all pipelines share."""

    def __init__(self, secret: str, clock: Clock | None = None) -> None:
        self._secret = secret.encode()
        self._standard_key = _standard_key(secret)
        self._clock = clock or SystemClock()

    def signed_by_github(self, headers: Headers, body: bytes) -> bool:
        """``X-Hub-Signature-256``: the body, signed."""
        return self._same(headers.get("X-Hub-Signature-256", ""), self._signed(body))

    def signed_by_gitlab(self, headers: Headers, body: bytes) -> bool:
        """``webhook-signature`` where GitLab has a signing token, else the secret itself in ``X-Gitlab-Token``."""
        signatures = headers.get("webhook-signature")
        if signatures is None:
            return self._same(headers.get("X-Gitlab-Token", ""), self._secret)
        timestamp = headers.get("webhook-timestamp", "")
        if not _is_fresh(timestamp, self._clock):
            return False
        content = b".".join((_bytes(headers.get("webhook-id", "")), timestamp.encode(), body))
        expected = b"v1," + base64.b64encode(hmac.digest(self._standard_key, content, "sha256"))
        return any(self._same(one, expected) for one in signatures.split()[:10])

    def signed_by_argocd(self, headers: Headers, _body: bytes) -> bool:
        """``X-Release-Desk-Token``: the secret itself, for Argo CD cannot sign."""
        return self._same(headers.get("X-Release-Desk-Token", ""), self._secret)

    def signed_by_generic(self, headers: Headers, body: bytes) -> bool:
        """``X-Release-Desk-Signature``: timestamp, a dot and the body, signed."""
        timestamp = headers.get("X-Release-Desk-Timestamp", "")
        if not _is_fresh(timestamp, self._clock):
            return False
        return self._same(
            headers.get("X-Release-Desk-Signature", ""), self._signed(timestamp.encode() + b"." + body)
        )

    def _signed(self, content: bytes) -> bytes:
        return b"sha256=" + hmac.digest(self._secret, content, "sha256").hex().encode()

    @staticmethod
    def _same(given: str, expected: bytes) -> bool:
        return hmac.compare_digest(_bytes(given), expected)


def _is_fresh(timestamp: str, clock: Clock) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
        return False
    return abs(clock.now().timestamp() - int(timestamp)) <= FRESH


def _bytes(header: str) -> bytes:
    """A header as it was sent, also where it is not UTF-8."""
    return header.encode(errors="surrogateescape")


def _standard_key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_STANDARD), validate=True)
    except binascii.Error:
        return secret.encode()

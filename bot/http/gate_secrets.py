"""The secrets that pipelines show when they ask: each is one service's, and a service may have several."""

import hmac
from collections.abc import Callable, Iterable, Mapping

from bot.http.signatures import Headers, HookSignature
from models.time.clock import Clock

Proof = Callable[[HookSignature], bool]


class GateSecrets:
    """``held`` are pairs of the key of a service and a secret. The first of a service signs what we send it."""

    def __init__(self, held: Iterable[tuple[str, str]], clock: Clock | None = None) -> None:
        self._held = [(service, secret, HookSignature(secret, clock)) for service, secret in held]

    def __bool__(self) -> bool:
        return bool(self._held)

    def by_signature(self, headers: Headers, body: bytes) -> frozenset[str]:
        """The services whose secret signed ``body`` with its time."""
        return self._services(lambda one: one.signed_by_generic(headers, body))

    def by_token(self, token: str) -> frozenset[str]:
        """The services whose secret ``token`` is."""
        return self._services(lambda one: one.signed_by_argocd({"X-Release-Desk-Token": token}, b""))

    def by_terraform(self, headers: Headers, body: bytes) -> frozenset[str]:
        """``X-TFC-Task-Signature``: HMAC-SHA512 of the body."""
        given = headers.get("X-TFC-Task-Signature", "").encode(errors="surrogateescape")
        return frozenset(
            service
            for service, secret, _ in self._held
            if hmac.compare_digest(given, hmac.digest(secret.encode(), body, "sha512").hex().encode())
        )

    def sign(self, service: str, timestamp: str, body: bytes) -> Mapping[str, str]:
        """The headers that show ``service`` that ``body`` is ours; none for a service without a secret."""
        secret = self.first(service)
        if not secret:
            return {}
        signature = hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()
        return {"X-Release-Desk-Timestamp": timestamp, "X-Release-Desk-Signature": f"sha256={signature}"}

    def first(self, service: str) -> str:
        return next((secret for known, secret, _ in self._held if known == service), "")

    def _services(self, holds: Proof) -> frozenset[str]:
        """Every secret is looked at, so that how long it takes tells nothing."""
        shown = [(service, holds(signature)) for service, _, signature in self._held]
        return frozenset(service for service, is_theirs in shown if is_theirs)

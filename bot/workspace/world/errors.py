"""Refusals and failures, with Slack's error codes."""

from typing import Any


class CallRefused(Exception):
    """Slack answers ``{"ok": false, "error": code}``; ``more`` is added to that answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class RateLimited(CallRefused):
    """HTTP 429; ``retry_after`` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class ActRefused(Exception):
    """Slack's own client would not let the person do it; the message says why."""


class DeliveryFailed(Exception):
    """The app did not take a delivery; ``code`` is what Slack shows (operation_timeout, dispatch_failed, ...)."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{what} failed with the error “{code}”")
        self.code = code

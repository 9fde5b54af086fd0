"""Why something was refused, in Slack's words."""

from typing import Any


class Refused(Exception):
    """Slack answers ``{"ok": false, "error": code}``; ``more`` is added to that answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


class RateLimited(Refused):
    """Too many calls: HTTP 429, to be tried again in ``retry_after`` whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class ActRefused(Exception):
    """A person tried something that Slack's own client would not let them do; the message says what."""


class DeliveryFailed(Exception):
    """The app did not take a delivery; ``code`` is what Slack shows (operation_timeout, dispatch_failed, ...)."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{what} failed with the error “{code}”")
        self.code = code

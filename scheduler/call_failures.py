"""What a failed call to Slack means for a message: try again, give up, or find out whether it went through."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from models.time.retry import backoff, retry_after

CALL_ERRORS = (SlackClientError, ClientError, OSError, TimeoutError)
"""What a call raises when Slack or the network says no."""

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
"""Seconds between two tries of a message that keeps failing."""

SHORTEST_HOLD = 1.0
"""Seconds to wait after a rate limit, also when Slack names fewer or none."""

FIRST_LOOK, LONGEST_LOOK = 30.0, 600.0
"""Seconds between two tries of what only a person can mend, such as an invitation to the channel."""

RATE_LIMITED = "ratelimited"


class Remedy(Enum):
    """What to do with the message; the values are the words of the log."""

    WAIT = "WAIT"
    """Slack did not take it: send it again later."""
    LOOK_FIRST = "UNCERTAIN"
    """Slack may have taken it: look before sending it again."""
    GIVE_UP = "GIVE_UP"
    """Slack will never take it like this: somebody has to act."""
    POST_AGAIN = "GONE"
    """The message to update is gone: post it again."""
    SEND_PLAIN = "PLAIN"
    """The workspace has no native charts or tables: say it in text."""


@dataclass(frozen=True, slots=True)
class CallFailure:
    """``seconds`` until the remedy is due; ``code`` is Slack's word for the error, or the error's type."""

    remedy: Remedy
    seconds: float
    code: str


_PASSING = frozenset(("service_unavailable", "team_added_to_org", "request_timeout"))

_UNCERTAIN = frozenset(("internal_error", "fatal_error"))

_MENDED_BY_PEOPLE = frozenset(
    ("not_in_channel", "missing_scope", "channel_not_found", "account_inactive", "invalid_auth", "token_revoked",
     "token_expired", "not_authed", "restricted_action", "is_archived", "user_not_found")
)  # fmt: skip

_AT_ONCE = {
    "message_not_found": Remedy.POST_AGAIN,
    "cant_update_message": Remedy.POST_AGAIN,
    "edit_window_closed": Remedy.POST_AGAIN,
    "invalid_blocks": Remedy.SEND_PLAIN,
    "invalid_blocks_format": Remedy.SEND_PLAIN,
}


def failure_of(error: Exception, attempts: int) -> CallFailure:
    """What ``error`` means after ``attempts`` tries. ``Retry-After`` is obeyed to the second.

    What a person can mend is tried for ever. Connection and server errors leave open whether Slack did it.
    """
    wait = backoff(attempts, FIRST_WAIT, LONGEST_WAIT)
    if not isinstance(error, SlackApiError):
        return CallFailure(Remedy.LOOK_FIRST, wait, type(error).__name__)
    response = error.response
    code = _code(response)
    status = getattr(response, "status_code", 200)
    if status == 429 or code in (RATE_LIMITED, "rate_limited"):
        hold = retry_after(getattr(response, "headers", None))
        return CallFailure(Remedy.WAIT, max(hold, SHORTEST_HOLD), RATE_LIMITED)
    if status >= 500 or code in _UNCERTAIN:
        return CallFailure(Remedy.LOOK_FIRST, wait, code or f"http_{status}")
    if code in _MENDED_BY_PEOPLE:
        return CallFailure(Remedy.WAIT, backoff(attempts, FIRST_LOOK, LONGEST_LOOK), code)
    if code in _PASSING:
        return CallFailure(Remedy.WAIT, wait, code)
    return CallFailure(_AT_ONCE.get(code, Remedy.GIVE_UP), 0.0, code or f"http_{status}")


def _code(response: Any) -> str:
    """Slack's word for the error; empty when a proxy or a broken server answered with something else than JSON."""
    data = getattr(response, "data", response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""

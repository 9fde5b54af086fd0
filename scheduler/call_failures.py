"""What an error from Slack means for a message: try again, give up, or find out whether it went through."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

TROUBLE = (SlackClientError, ClientError, OSError, TimeoutError)
"""What a call to Slack may raise when Slack or the network says no."""

LONGEST_WAIT = 300.0
"""Seconds between two tries of a message that keeps failing."""


class Verdict(Enum):
    """What to do with a message after an error."""

    WAIT = auto()
    """Slack did not take it; send it again later."""
    UNCERTAIN = auto()
    """It may have been carried out; look before sending it again."""
    GIVE_UP = auto()
    """Slack will never take it like this; somebody has to act."""
    GONE = auto()
    """The message that was to be updated no longer stands; post it anew."""
    PLAIN = auto()
    """The workspace has no native charts or tables; say it in text."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, after how many seconds to act on it, and Slack's word for the error."""

    verdict: Verdict
    seconds: float
    error: str


_PASSING = frozenset(("ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "request_timeout"))

_UNCERTAIN = frozenset(("internal_error", "fatal_error"))

_GONE = frozenset(("message_not_found", "cant_update_message", "edit_window_closed"))

_PLAIN = frozenset(("invalid_blocks", "invalid_blocks_format"))

_WAIT_FOR_PEOPLE = frozenset(
    ("not_in_channel", "missing_scope", "channel_not_found", "account_inactive", "invalid_auth", "token_revoked",
     "token_expired", "not_authed", "restricted_action", "is_archived", "user_not_found")
)  # fmt: skip

_MENDED_SOON, _MENDED_LATE = 30.0, 600.0
"""Seconds after which is looked whether somebody has mended it: twice as many each time, up to the second."""

_BY_CODE: dict[str, tuple[Verdict, float]] = {
    **dict.fromkeys(_GONE, (Verdict.GONE, 0.0)),
    **dict.fromkeys(_PLAIN, (Verdict.PLAIN, 0.0)),
}


def judge(error: Exception, attempts: int) -> Judgement:
    """What ``error`` means at the ``attempts``-th try. ``Retry-After`` is obeyed to the second.

    What a person can mend (an invitation to the channel, a scope) is tried again after half a minute, and in the
    end every ten minutes; nothing is dropped for it. Connection errors and server errors leave open whether the
    call was carried out.
    """
    if not isinstance(error, SlackApiError):
        return Judgement(Verdict.UNCERTAIN, _backoff(attempts), type(error).__name__)
    response = error.response
    code = _code(response)
    status = getattr(response, "status_code", 200)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Judgement(Verdict.WAIT, _retry_after(response), "ratelimited")
    if status >= 500 or code in _UNCERTAIN:
        return Judgement(Verdict.UNCERTAIN, _backoff(attempts), code or f"http_{status}")
    if code in _WAIT_FOR_PEOPLE:
        return Judgement(Verdict.WAIT, min(_MENDED_SOON * 2 ** min(attempts - 1, 10), _MENDED_LATE), code)
    if code in _PASSING:
        return Judgement(Verdict.WAIT, _backoff(attempts), code)
    verdict, seconds = _BY_CODE.get(code, (Verdict.GIVE_UP, 0.0))
    return Judgement(verdict, seconds, code or f"http_{status}")


def _code(response: Any) -> str:
    """Slack's word for the error; a proxy or a broken server answers with anything but JSON."""
    data = getattr(response, "data", response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def _backoff(attempts: int) -> float:
    return min(2.0 ** min(attempts, 10), LONGEST_WAIT)


def _retry_after(response: object) -> float:
    headers = {key.lower(): value for key, value in (getattr(response, "headers", None) or {}).items()}
    try:
        return max(float(headers.get("retry-after", 1)), 1.0)
    except ValueError:
        return 1.0

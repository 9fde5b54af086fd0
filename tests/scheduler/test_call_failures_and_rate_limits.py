"""What errors of Slack mean, and how fast messages may go."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from scheduler.call_failures import LONGEST_WAIT, Remedy, failure_of
from scheduler.rate_limits import POSTS, RateLimits
from tests.conftest import MORNING


def refusal(code: str, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="/chat.postMessage",
        req_args={},
        data={"ok": False, "error": code},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError(code, response)


@pytest.mark.parametrize(
    ("error", "remedy", "seconds"),
    [
        (refusal("ratelimited", 429, {"Retry-After": "30"}), Remedy.WAIT, 30),
        (refusal("ratelimited", 200, {"retry-after": "7"}), Remedy.WAIT, 7),
        (refusal("ratelimited", 429), Remedy.WAIT, 1),
        (refusal("not_in_channel"), Remedy.WAIT, 30),
        (refusal("service_unavailable"), Remedy.WAIT, 2),
        (refusal("internal_error"), Remedy.LOOK_FIRST, 2),
        (refusal("", 503), Remedy.LOOK_FIRST, 2),
        (TimeoutError(), Remedy.LOOK_FIRST, 2),
        (ConnectionResetError(), Remedy.LOOK_FIRST, 2),
        (refusal("message_not_found"), Remedy.POST_AGAIN, 0),
        (refusal("invalid_blocks"), Remedy.SEND_PLAIN, 0),
        (refusal("msg_too_long"), Remedy.GIVE_UP, 0),
    ],
)
def test_an_error_says_what_becomes_of_the_message(error, remedy, seconds):
    failure = failure_of(error, attempts=1)
    assert (failure.remedy, failure.seconds) == (remedy, seconds)


def test_waits_grow_but_not_for_ever():
    waits = [failure_of(TimeoutError(), attempts).seconds for attempts in range(1, 20)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT


def test_what_a_person_can_mend_is_looked_at_soon_and_then_less_and_less():
    waits = [failure_of(refusal("not_in_channel"), attempts).seconds for attempts in range(1, 9)]
    assert waits == [30, 60, 120, 240, 480, 600, 600, 600]


def test_a_channel_takes_a_burst_and_then_a_message_a_second():
    limits = RateLimits()
    turns = [limits.turn("chat.postMessage", "C1", MORNING) for _ in range(POSTS.burst + 3)]
    assert all(turn <= MORNING for turn in turns[: POSTS.burst])
    assert turns[POSTS.burst :] == [MORNING + POSTS.refill * number for number in (1, 2, 3)]
    assert timedelta(seconds=1) <= POSTS.refill < timedelta(seconds=2)
    assert limits.turn("chat.postMessage", "C2", MORNING) <= MORNING


def test_a_long_queue_goes_no_faster_than_slack_allows():
    limits = RateLimits()
    asked = [MORNING + timedelta(seconds=number / 10) for number in range(100)]
    sent = [max(limits.turn("chat.postMessage", "C1", moment), moment) for moment in asked]
    for number, begun in enumerate(sent):
        within = [moment for moment in sent[number:] if moment - begun < timedelta(seconds=10)]
        assert len(within) <= POSTS.burst + 10


def test_retry_after_holds_a_method_and_posting_only_its_channel():
    limits = RateLimits()
    later = MORNING + timedelta(seconds=30)
    limits.hold("chat.update", "C1", later)
    limits.hold("chat.postMessage", "C1", later)
    assert limits.turn("chat.update", "C2", MORNING) == later
    assert limits.turn("chat.update", "C2", MORNING) > later
    assert limits.turn("chat.postMessage", "C1", MORNING) == later
    assert limits.turn("chat.postMessage", "C2", MORNING) <= MORNING

import pytest

from handlers.dispatch.incoming import Incoming, person_of


@pytest.mark.parametrize(
    ("payload", "person"),
    [
        ({"command": "/release", "user_id": "U0RITA", "user_name": "rita"}, "U0RITA"),
        ({"type": "block_actions", "user": {"id": "U0RITA", "username": "rita"}}, "U0RITA"),
        ({"type": "event_callback", "event": {"type": "app_home_opened", "user": "U0RITA"}}, "U0RITA"),
        ({"type": "event_callback", "event": {"type": "user_change", "user": {"id": "U0RITA"}}}, "U0RITA"),
        ({"type": "event_callback", "event": {"type": "subteam_updated"}}, ""),
        ({"type": "view_closed", "user": {"id": None}}, ""),
        ({}, ""),
    ],
)
def test_each_kind_of_payload_says_who_acts(payload, person):
    assert person_of(payload) == Incoming.of(payload, "button").person == person

"""A posted form as Slack's `state.values`."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from multidict import MultiDict

from bot.workspace.page.form_values import entered_values
from bot.workspace.page.rendering.surface import field_name
from tests.workspace.page.conftest import input_block, option

Json = dict[str, Any]
OPTIONS = [option("One"), option("Two")]
LOOKED_UP = {"text": {"type": "plain_text", "text": "Pay db", "emoji": True}, "value": "ci-1"}


@pytest.mark.parametrize(
    ("element", "posted", "value"),
    [
        ({"type": "plain_text_input"}, ["a\r\nb"], {"value": "a\nb"}),
        ({"type": "plain_text_input"}, [""], {"value": None}),
        ({"type": "number_input"}, ["12"], {"value": "12"}),
        ({"type": "datepicker"}, ["2026-11-28"], {"selected_date": "2026-11-28"}),
        ({"type": "timepicker"}, ["10:00"], {"selected_time": "10:00"}),
        ({"type": "datetimepicker"}, ["2026-11-28T10:00"], {"selected_date_time": 1795856400}),
        ({"type": "datetimepicker"}, ["2026-06-24T11:00"], {"selected_date_time": 1782291600}),
        ({"type": "datetimepicker"}, ["soon"], {"selected_date_time": None}),
        ({"type": "static_select", "options": OPTIONS}, ["two"], {"selected_option": option("Two")}),
        ({"type": "static_select", "options": OPTIONS}, [""], {"selected_option": None}),
        (
            {"type": "static_select", "options": [option("L", '["a", "b"]')]},
            ['["a", "b"]'],
            {"selected_option": option("L", '["a", "b"]')},
        ),
        ({"type": "radio_buttons", "options": OPTIONS}, ["one"], {"selected_option": option("One")}),
        ({"type": "checkboxes", "options": OPTIONS}, ["one", "two"], {"selected_options": OPTIONS}),
        ({"type": "checkboxes", "options": OPTIONS}, [], {"selected_options": []}),
        ({"type": "external_select"}, ['["ci-1", "Pay db"]'], {"selected_option": LOOKED_UP}),
        (
            {"type": "multi_static_select", "options": OPTIONS},
            ['["two", "Two"]'],
            {"selected_options": [option("Two")]},
        ),
        ({"type": "users_select"}, ["U1"], {"selected_user": "U1"}),
        ({"type": "multi_users_select"}, ['["U1", "Ann"]', '["U2", "Bob"]'], {"selected_users": ["U1", "U2"]}),
        ({"type": "channels_select"}, ["C1"], {"selected_channel": "C1"}),
        ({"type": "multi_conversations_select"}, ['["D1", "Bob"]'], {"selected_conversations": ["D1"]}),
    ],
)
def test_a_form_becomes_state_values(element: Json, posted: list[str], value: Json) -> None:
    form = MultiDict([(field_name("b", "a"), one) for one in posted])
    found = entered_values([input_block(element)], form, ZoneInfo("Europe/Amsterdam"))
    assert found == {"b": {"a": {"type": element["type"], **value}}}


def test_formatted_text_is_taken_as_one_section() -> None:
    form = MultiDict({field_name("b", "a"): "hello"})
    found = entered_values([input_block({"type": "rich_text_input"})], form, ZoneInfo("UTC"))
    section = found["b"]["a"]["rich_text_value"]["elements"][0]
    assert section["elements"] == [{"type": "text", "text": "hello"}]


def test_buttons_and_foreign_fields_enter_nothing() -> None:
    row = {"type": "actions", "block_id": "r", "elements": [{"type": "button", "action_id": "go", "text": {}}]}
    assert entered_values([row], MultiDict({field_name("x", "y"): "1", "action_id": "go"}), ZoneInfo("UTC")) == {}

"""Whatever people type where they may type: nothing breaks, nothing acts, and every answer keeps Slack's limits."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.dispatch.answers import Choices, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.errors import answer_to
from handlers.dispatch.fields import Entered
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.slack_text import message_as_typed
from handlers.registration import build_registry
from messages.support.known_error_forms import record_form
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Release
from tests.factories import make_release
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

NASTY = (
    HOSTILE,
    LONG[:10_000],
    "a\x00b",
    "\x00",
    "\ud800x",
    "<" * 4000,
    "\u202e" * 300,
    "' OR 1=1 --",
    "%_\\",
    "PAY-2026.001 \x00\n\r\t",
    "\r\nBEGIN:VEVENT;,\\",
    "9" * 400,
)
"""Texts that a database, a template, a pattern or Slack could trip over."""

REGISTRY = build_registry()


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock, "https://desk.example")


@pytest.fixture
async def release(work, catalog, people) -> Release:
    return await make_release(work, State.APPROVED, identifier="PAY-2026.001")


async def answered(handler: Any, desk: Desk, incoming: Incoming) -> Any:
    """What is answered; an error becomes its sentence as it does for a person."""
    try:
        return await handler(desk, incoming)
    except Exception as error:
        return answer_to(error, in_modal=False)


def typing(text: str, **more: Any) -> Incoming:
    """A command with ``text``, as it is taken from what Slack delivers."""
    body = {"user_id": "U0RITA", "user_name": "rita\x00", "channel_id": "C0PAY", **more}
    return Incoming.of(body, "command", text)


def assert_sound(answer: Any) -> None:
    """Slack takes ``answer``, nothing that was typed acts in it, and it is none for what nobody foresaw."""
    if isinstance(answer, Open):
        assert_valid_view(answer.view)
    elif isinstance(answer, Tell):
        assert "give whoever runs Release Desk the reference" not in answer.message.text
        assert_valid_message(answer.message)
    acting = ("evil.example", "<!channel", "<!here")
    assert [one for one in active_markup(answer) if any(word in one for word in acting)] == []


@pytest.mark.parametrize("verb", REGISTRY.verbs.values(), ids=lambda one: f"{one.command} {one.name}")
async def test_no_text_behind_a_command_breaks_it(desk, release, verb):
    for text in (*NASTY, f"{release.identifier} {HOSTILE}", f"{release.identifier} a\x00b \ud800"):
        assert_sound(await answered(verb.handler, desk, typing(text)))


@pytest.mark.parametrize("action_id", REGISTRY.menus)
async def test_no_text_typed_into_a_menu_breaks_it(desk, release, action_id):
    about = f'{{"v":1,"r":{release.id},"s":"PAY","n":1}}'
    for text in NASTY:
        incoming = typing(text, view={"private_metadata": about}, action_id=action_id)
        answer = await answered(REGISTRY.menus[action_id], desk, incoming)
        assert isinstance(answer, Choices), answer


def test_what_no_database_keeps_is_not_among_what_was_entered():
    entered = {
        "title": {"value": {"type": "plain_text_input", "value": "Nul\x00 and \ud800half"}},
        "service": {"value": {"type": "external_select", "selected_option": {"value": "PAY"}}},
        "until": {"value": {"type": "datetimepicker", "selected_date_time": 253402300800}},
        "none": {"value": {"type": "plain_text_input", "value": None}},
    }
    view = {"state": {"values": entered}}
    fields = Incoming(payload={"view": view}, surface="modal", person="U0RITA", name="").fields
    assert fields == {"title": "Nul and half", "service": "PAY", "until": 253402300800, "none": None}
    assert fields.moment("until") is None
    assert Entered({"until": 1_795_514_400}).moment("until") == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert typing("a\x00b").text == "ab"
    assert typing("").name == "rita"
    assert message_as_typed("a\x00 &lt;b&gt; \udfff") == "a <b> "


def test_half_a_character_is_in_nothing_that_is_sent(catalog):
    view = record_form(catalog, {"title": "half \ud800", "symptom": "\udfff"}, "f")
    assert "\ud800" not in str(view)
    assert "\udfff" not in str(view)

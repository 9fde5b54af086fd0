"""The message about a reported deployment, and the form that attributes it."""

from dataclasses import replace
from typing import Any

import pytest

from messages.deployments import attribution_form, render
from messages.kit.blocks import Message
from models.deployments.records import ReleaseChoices, ReportRecord
from models.deployments.report import ReportedOutcome
from models.lifecycle.release_choices import ReleaseChoice
from tests.conftest import MORNING
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view


def buttons(message: Message) -> list[str]:
    return [
        element["action_id"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_where_there_are_too_many_releases_one_types_the_identifier_and_without_any_it_says_so() -> None:
    many = tuple(ReleaseChoice(number, f"PAY-2026.{number}", HOSTILE) for number in range(100))
    kinds = []
    for choices in (ReleaseChoices(1, HOSTILE, many, more=True), ReleaseChoices(1, LONG[:75], many, more=False)):
        view = attribution_form(choices)
        assert_valid_view(view)
        assert active_markup(view) == []
        kinds.append(view["blocks"][-1]["element"]["type"])
    assert kinds == ["plain_text_input", "static_select"]
    nothing = attribution_form(ReleaseChoices(1, "Payments", (), more=False))
    assert_valid_view(nothing)
    assert "submit" not in nothing


@pytest.mark.parametrize("typed", [HOSTILE, LONG])
@pytest.mark.parametrize("outcome", ReportedOutcome)
@pytest.mark.parametrize("settled", ["", "U0DANA"])
@pytest.mark.parametrize("release", ["", "PAY-2026.014"])
def test_whatever_was_reported_shows_as_it_is(
    typed: str, outcome: ReportedOutcome, settled: str, release: str
) -> None:
    fields: dict[str, Any] = dict.fromkeys(("source", "environment", "version", "title", "doubt"), typed[:300])
    shown = ReportRecord(
        id=1,
        provider="GitHub",
        service="Payments",
        url="https://ci.example.com/" + "x" * 1900,
        outcome=outcome,
        at=MORNING,
        release=release,
        deploying=bool(release),
        settled_by=settled,
        adopted=bool(release),
        **fields,
    )
    message = render(shown)
    assert_valid_message(message)
    quiet = dict.fromkeys(fields, "quiet")
    assert active_markup(message) == active_markup(render(replace(shown, **quiet)))
    assert "Payments" in message.text or release in message.text
    assert bool(buttons(message)) == (outcome is ReportedOutcome.SUCCEEDED and not release)

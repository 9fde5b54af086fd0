"""What people see of standing in: form, list, message and verb."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.dispatch.answers import Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.releases.approval import delegations as handler
from messages.releases.approval import delegations
from messages.releases.approval.delegations import delegation_form, delegation_made
from models.catalog.document import Catalog
from models.errors import Invalid
from models.lifecycle.tables.approvals import Delegation
from models.releases.approval.standing_in.delegations import DelegationLine
from tests.conftest import MORNING, example_document
from tests.releases.steps import rows
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

LINE = DelegationLine(
    1, "U0RITA", "U0SAM", "Rita", "Sam", MORNING, MORNING + timedelta(days=3), ("PAY",), "On leave"
)

OPEN = replace(LINE, starts_at=None, ends_at=None, services=())

BAD = replace(LINE, delegator_name=HOSTILE[:80], delegate_name=HOSTILE[:80], reason=LONG[:1000])

ENDED = replace(BAD, stopped=True)


@pytest.mark.parametrize(
    "line",
    [LINE, OPEN, replace(LINE, starts_at=None), replace(LINE, ends_at=None), BAD, ENDED],
)
def test_every_message_fits_slack_and_nothing_typed_acts(line):
    made, told = delegation_made(line), delegations.render(line)
    listed = delegations.delegations([line] * 20, "U0RITA")
    stopped = delegations.stopped([line] * 20)
    for message in (made, told, listed, stopped, delegations.stopped([]), delegations.delegations([], "U0RITA")):
        assert_valid_message(message)
        assert [one for one in active_markup(message) if not one.startswith("<!date^")] == []


def test_the_period_is_said_in_words():
    assert "Sam stands in for you from <!date^" in delegation_made(LINE).text
    last = int(LINE.ends_at.timestamp()) - 1  # both days are included: the last one ends at its midnight
    assert f"to <!date^{last}^{{date_long_pretty}}|" in delegation_made(LINE).text
    assert ", for PAY. `/release" in delegation_made(LINE).text
    assert "whenever your Slack status says away." in delegation_made(OPEN).text
    assert "You stand in for Rita whenever their Slack status says away." in delegations.render(OPEN).text


@pytest.mark.parametrize("services", [1, 100, 101])
def test_the_form_fits_slack_however_many_services_there_are(services):
    document = example_document()
    template = document["services"][1]
    template["depends_on"] = []
    document["services"] = [
        {**template, "key": f"S{number}", "channel": f"C0S{number}"} for number in range(services)
    ]
    entered = {"delegate": "U0SAM", "from": "2026-11-24", "until": "2026-11-27", "services": ["S0"]}
    view = delegation_form(Catalog.model_validate(document), entered, "nonce")
    assert_valid_view(view)
    assert "U0SAM" in json.dumps(view)


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock)


def typed(text: str, person: str = "U0RITA") -> Incoming:
    return Incoming(payload={}, surface="command", person=person, name="", text=text)


@pytest.mark.usefixtures("people", "catalog")
async def test_from_the_command_to_the_list_and_to_stop(desk, work):
    opened = await handler.delegate(desk, typed("@Sam 2026-11-24 2026-11-27 PAY"))
    assert isinstance(opened, Open)
    assert_valid_view(opened.view)
    values = {
        "delegate": {"selected_user": "U0SAM"},
        "from": {"selected_date": "2026-11-24"},
        "until": {"selected_date": "2026-11-27"},
        "services": {"selected_options": [{"value": "PAY"}]},
        "reason": {"value": None},
    }
    state = {"values": {name: {"value": entered} for name, entered in values.items()}}
    sent = Incoming({"view": {**opened.view, "state": state}}, "modal", "U0RITA", "")
    told = await handler.submit_delegation(desk, sent)
    assert isinstance(told, Tell)
    assert told.message.text.startswith("Sam stands in for you from")
    (row,) = await rows(work, Delegation)
    assert row.services == ["PAY"]
    for person, words in (("U0RITA", "Sam stands in for you"), ("U0SAM", "You stand in for Rita")):
        listed = await handler.delegate(desk, typed("list", person))
        assert isinstance(listed, Tell)
        assert words in str(listed.message.blocks)
    stopped = await handler.delegate(desk, typed("stop @sam"))
    assert isinstance(stopped, Tell)
    assert stopped.message.text == "Stopped. Sam no longer stands in."
    with pytest.raises(Invalid):
        await handler.delegate(desk, typed("stop @nobody"))

"""Emergencies, reminders and break-glass from the command or click to what stands in Slack."""

from datetime import timedelta

import pytest

from handlers.dispatch.answers import Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.releases.approval import break_glass as handler
from handlers.releases.approval.later_approvals import approve_afterwards
from messages.releases.approval.decisions import later_approval_row
from models.errors import NotFound
from models.releases.approval.approve import approve_release
from models.releases.approval.standing_in.delegations import DelegationForm, delegate_approvals, stop_delegations
from models.releases.card import queries
from scheduler.approvals import chase_approvals
from scheduler.delivery import Delivery
from tests.releases.steps import by, requested, state
from tests.scheduler.test_reminders_in_slack import captions, deliver, thread

pytestmark = pytest.mark.usefixtures("people", "catalog")


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock)


@pytest.fixture
def delivery(work, client) -> Delivery:
    return Delivery(work, client)


def typed(text: str, person: str) -> Incoming:
    return Incoming(payload={}, surface="command", person=person, name="", text=text)


async def test_the_command_asks_for_a_reason_and_the_modal_breaks_the_glass(desk, work):
    release = await requested(work)
    opened = await handler.ask_why(desk, typed("pay-2026.001.", "U0DANA"))
    assert isinstance(opened, Open)
    state_of_form = {"values": {"reason": {"value": {"value": "Fraud in progress"}}}}
    sent = Incoming({"view": {**opened.view, "state": state_of_form}}, "modal", "U0DANA", "")
    assert isinstance(await handler.break_glass(desk, sent), Nothing)
    assert await state(work, release) == "approved"
    again = await handler.ask_why(desk, typed("PAY-2026.001", "U0DANA"))
    assert isinstance(again, Open)
    assert again.view["callback_id"] != opened.view["callback_id"], "the second form is about the deployment"
    with pytest.raises(NotFound) as unknown:
        await handler.ask_why(desk, typed("PAY-2026.01", "U0DANA"))
    assert unknown.value.nearest == ("PAY-2026.001",)


async def test_the_card_of_an_emergency_collects_what_it_owes(desk, work, clock, delivery, slack):
    release = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), release, 1)
    async with work.reading() as snapshot:
        card = await queries.release_card(snapshot.session, await snapshot.catalog(), release)
        (row,) = later_approval_row(card.id, card.round, card.later_approvals)
    for person in ("U0OLGA", "U0TOM"):
        click = Incoming({"actions": row["elements"]}, "button", person, "")
        assert isinstance(await approve_afterwards(desk, click), Nothing)
    await deliver(delivery, clock)
    (card,) = slack.messages_in("C0PAY", "U0ANN")
    assert "Approvals afterwards" in str(card.blocks)
    assert " - complete" in str(card.blocks)
    told = [one.text for one in thread(slack)]
    assert "Approve" not in captions(card)
    assert "PAY-2026.001 has the approvals it owed." in told


async def test_a_request_is_chased_in_its_thread_until_it_expires(desk, work, clock, delivery, slack):
    await requested(work)
    await deliver(delivery, clock)
    for hours in (4, 24, 24 * 7):
        clock.move(timedelta(hours=hours))
        await chase_approvals(work)
        await deliver(delivery, clock)
    told = [one.text.partition(" *")[0].partition(" nobody")[0] for one in thread(slack)]
    assert told == ["<@U0RITA> <@U0OLGA> PAY-2026.001", "<@U0RITA> <@U0OLGA> PAY-2026.001",
                    "<@U0RITA> PAY-2026.001", "<@U0ANN>"]  # fmt: skip
    (card,) = slack.messages_in("C0PAY", "U0ANN")
    assert "'text': 'Expired'" in str(card.blocks)
    assert "release:approve" not in str(card.blocks)


async def test_whoever_stands_in_is_told_and_told_when_it_ends(work, clock, delivery, slack):
    await delegate_approvals(work, by("U0RITA"), DelegationForm("U0SAM", reason="On leave"), "f")
    await deliver(delivery, clock)
    (told,) = slack.messages_in(slack.direct("U0SAM", slack.app.bot_user).id, "U0SAM")
    assert told.text.startswith("You stand in for Rita whenever their Slack status says away.")
    assert "On leave" in str(told.blocks)
    await stop_delegations(work, by("U0RITA"))
    await deliver(delivery, clock)
    (told,) = slack.messages_in(slack.direct("U0SAM", slack.app.bot_user).id, "U0SAM")
    assert told.text == "You no longer stand in for Rita."

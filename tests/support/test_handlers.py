import json

import pytest

from handlers.dispatch.answers import Choices, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.slack_text import message_as_typed
from handlers.support import incidents, known_errors, record, resolve
from messages.support.known_errors import EDIT, LINK, OPEN, RECORD, REOPEN, RESOLVE
from models.errors import Invalid, NotFound, Refused
from models.support.tables import IncidentLink, KnownError
from tests.factories import make_incident, make_known_error, make_release
from tests.releases.steps import rows
from tests.slack_limits import assert_valid_message, assert_valid_view

pytestmark = pytest.mark.usefixtures("people", "catalog")


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock)


def command(text: str, person: str = "U0ANN", channel: str = "C0PAY") -> Incoming:
    return Incoming(payload={}, surface="command", person=person, name="", channel=channel, text=text)


def click(message_or_view, action_id: str, person: str = "U0PIA") -> Incoming:
    blocks = message_or_view["blocks"] if isinstance(message_or_view, dict) else message_or_view.blocks
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    element = next(one for one in elements if one["action_id"] == action_id)
    return Incoming(payload={"actions": [element]}, surface="button", person=person, name="")


def submit(view, person: str = "U0PIA", **values) -> Incoming:
    state = {"values": {name: {"any": entered} for name, entered in values.items()}}
    return Incoming(payload={"view": {**view, "state": state}}, surface="modal", person=person, name="")


def typed(text: str) -> dict:
    return {"type": "plain_text_input", "value": text}


def chosen(value: str | None) -> dict:
    return {"type": "static_select", "selected_option": value and {"value": value}}


def told(answer) -> str:
    assert isinstance(answer, Tell)
    assert_valid_message(answer.message)
    return answer.message.text


async def test_recording_opens_the_form_with_the_title_and_the_channels_service(desk, work):
    asked = await record.open_record(desk, command("Refund shows twice"))
    assert isinstance(asked, Open)
    assert_valid_view(asked.view)
    title, service = asked.view["blocks"][0]["element"], asked.view["blocks"][1]["element"]
    assert (title["initial_value"], service["initial_option"]["value"]) == ("Refund shows twice", "PAY")


async def test_a_submitted_form_is_recorded_once_and_shown_with_its_buttons(desk, work):
    release = await make_release(work, identifier="PAY-2026.014")
    asked = await record.open_record(desk, command(""))
    filled = submit(
        asked.view,
        title=typed("Refund shows twice"),
        service=chosen("PAY"),
        symptom=typed("Two lines"),
        workaround=typed(None),
        severity=chosen("high"),
        release=chosen(str(release.id)),
    )
    assert told(await record.record(desk, filled)).startswith("KE-1 is recorded")
    await record.record(desk, filled)
    (known_error,) = await rows(work, KnownError)
    assert (known_error.severity, known_error.release_id, known_error.workaround) == ("high", release.id, "")


async def test_an_empty_form_is_refused_under_its_fields(desk):
    asked = await record.open_record(desk, command(""))
    with pytest.raises(Invalid) as refusal:
        await record.record(desk, submit(asked.view, service=chosen(None), title=typed(None)))
    named = {block["block_id"] for block in asked.view["blocks"]}
    assert {"title", "service", "symptom"} <= set(refusal.value.problems) <= named


async def test_a_message_becomes_the_symptom_as_its_reader_saw_it(desk):
    text = "Refund &lt;9 EUR&gt; shows twice\nsee <https://a.example|the log> in <#C0PAY|pay>"
    payload = {"message": {"text": text}, "channel": {"id": "C0PAY"}}
    incoming = Incoming(payload=payload, surface="shortcut", person="U0ANN", name="", channel="C0PAY")
    asked = await record.open_record_from_message(desk, incoming)
    title, _, symptom = (block["element"].get("initial_value") for block in asked.view["blocks"][:3])
    assert title == "Refund <9 EUR> shows twice"
    assert symptom == "Refund <9 EUR> shows twice\nsee the log in pay"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<@U0ANN> said &amp;lt;", "U0ANN said &lt;"),
        ("<https://a.example>", "https://a.example"),
        ("<!here>", "here"),
        ("a < b", "a < b"),
    ],
)
def test_slacks_markup_is_read_as_words(text, read):
    assert message_as_typed(text) == read


async def test_a_search_leads_to_the_known_error_and_to_a_link(desk, work):
    await record.record(
        desk,
        submit(
            (await record.open_record(desk, command(""))).view,
            title=typed("Refund shows twice"),
            service=chosen("PAY"),
            symptom=typed("Two lines"),
            workaround=typed("Reload"),
            severity=chosen("medium"),
            release=chosen(None),
        ),
    )
    answer = await known_errors.search_words(desk, command("refund twice"))
    assert told(answer) == '1 known error about "refund twice":'
    opened = await known_errors.open_details(desk, click(answer.message, OPEN))
    assert_valid_view(opened.view)
    asked = await incidents.ask_for_incident(desk, click(answer.message, LINK))
    assert_valid_view(asked.view)
    linked = await incidents.link_incident_entered(desk, submit(asked.view, incident=typed("inc0000045.")))
    assert told(linked).startswith("INC0000045 is linked to KE-1.")
    with pytest.raises(Invalid) as refusal:
        await incidents.link_incident_entered(desk, submit(asked.view, incident=typed("what")))
    assert set(refusal.value.problems) == {"incident"}


async def test_a_search_for_nothing_known_leads_to_the_form(desk):
    answer = await known_errors.search_words(desk, command("refund twice"))
    asked = await record.open_record_from_search(desk, click(answer.message, RECORD))
    assert asked.view["blocks"][0]["element"]["initial_value"] == "refund twice"


async def test_showing_and_resolving_by_command_take_the_number_as_people_type_it(desk, work):
    await make_known_error(work, "Refund shows twice")
    assert told(await known_errors.show(desk, command('"ke 1",'))).startswith("KE-1 Refund shows twice")
    answer = await resolve.resolve_by_command(desk, command("(KE-1) fixed in 9.3", "U0PIA"))
    assert told(answer) == "KE-1 Refund shows twice is resolved."
    (known_error,) = await rows(work, KnownError)
    assert known_error.solution == "fixed in 9.3"
    with pytest.raises(NotFound) as missing:
        await known_errors.show(desk, command("KE-2"))
    assert missing.value.nearest == ("KE-1",)


async def test_resolving_by_button_asks_how_and_reopening_undoes_it(desk, work):
    await make_known_error(work, "Refund shows twice")
    shown = await known_errors.show(desk, command("KE-1"))
    with pytest.raises(Refused):
        await resolve.ask_how_solved(desk, click(shown.message, RESOLVE, "U0BOB"))
    asked = await resolve.ask_how_solved(desk, click(shown.message, RESOLVE))
    assert_valid_view(asked.view)
    answer = await resolve.submit_solution(desk, submit(asked.view, solution=typed("Fixed")))
    assert told(answer) == "KE-1 Refund shows twice is resolved."
    again = await resolve.ask_how_solved(desk, click(shown.message, RESOLVE))
    assert "is resolved already" in told(again)
    assert (
        told(await resolve.reopen(desk, click(answer.message, REOPEN))) == "KE-1 Refund shows twice is open again."
    )


async def test_a_workaround_is_written_by_button(desk, work):
    await make_known_error(work)
    shown = await known_errors.show(desk, command("KE-1"))
    asked = await resolve.ask_for_workaround(desk, click(shown.message, EDIT))
    assert_valid_view(asked.view)
    answer = await resolve.submit_workaround(desk, submit(asked.view, workaround=typed("Reload")))
    assert told(answer).startswith("The workaround of KE-1")
    (known_error,) = await rows(work, KnownError)
    assert (known_error.workaround, known_error.status) == ("Reload", "accepted")


async def test_a_list_is_told(desk, work):
    assert "there are none" in told(await known_errors.list_known_errors(desk, command("")))
    await make_known_error(work)
    assert told(await known_errors.list_known_errors(desk, command("pay"))).startswith(
        "Unresolved known errors of PAY"
    )


async def test_services_and_releases_are_offered_while_one_types(desk, work):
    await make_release(work, identifier="PAY-2026.014")
    await make_release(work, identifier="WEB-1", service="WEB")
    services = await record.find_service(desk, command("shop"))
    assert isinstance(services, Choices)
    assert [one["value"] for one in services.options] == ["WEB"]
    view = {"state": {"values": {"service": {"value": chosen("PAY")}}}}
    asking = Incoming(payload={"view": view}, surface="modal", person="U0ANN", name="", text="")
    releases = await record.find_release(desk, asking)
    assert [one["text"]["text"] for one in releases.options] == ["PAY-2026.014 Card payments 9.2"]


async def test_incidents_are_linked_shown_and_unlinked_by_command(desk, work):
    await make_known_error(work)
    await make_known_error(work)
    assert told(await incidents.link(desk, command("inc0000045, ke-1 ke-2"))).startswith(
        "INC0000045 is linked to KE-1, KE-2. INC0000045 was not known here"
    )
    shown = await incidents.show(desk, command("(INC0000045)"))
    assert "It is linked to 2 known errors." in told(shown)
    gone = await incidents.unlink_by_button(desk, click(shown.message, "incident:unlink"))
    assert told(gone) == "INC0000045 is no longer linked to KE-1."
    assert (
        told(await incidents.unlink(desk, command("INC0000045 ke-2"))) == "INC0000045 is no longer linked to KE-2."
    )
    assert await rows(work, IncidentLink) == []


async def test_an_incident_without_known_error_leads_to_one(desk, work):
    await make_known_error(work)
    await make_incident(work, "INC0000045")
    shown = await incidents.show(desk, command("INC0000045"))
    asked = await incidents.ask_for_known_error(desk, click(shown.message, "incident:link"))
    assert_valid_view(asked.view)
    linked = await incidents.link_known_errors(desk, submit(asked.view, known_error=typed("ke1.")))
    assert told(linked) == "INC0000045 is linked to KE-1."
    with pytest.raises(Invalid) as refusal:
        await incidents.link_known_errors(desk, submit(asked.view, known_error=typed("")))
    assert set(refusal.value.problems) == {"known_error"}


async def test_every_button_carries_small_versioned_json(desk, work):
    await make_known_error(work)
    shown = await known_errors.show(desk, command("KE-1"))
    for block in shown.message.blocks:
        for element in block["elements"] if block["type"] == "actions" else ():
            assert json.loads(element["value"]) == {"v": 1, "k": 1}

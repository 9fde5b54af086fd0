import pytest

from handlers.dispatch.answers import Back, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.releases.activities.build import ask_what_was_built, record_build, start_build
from handlers.releases.activities.criteria import ask_for_evidence, meet, show_by_command
from handlers.releases.activities.deploy import ask_why_backed_out, back_out
from handlers.releases.activities.test import ask_for_known_error, ask_for_result, ask_for_verdict, record_result
from handlers.releases.card.more_menu import do_rare_verb
from handlers.support.record import record
from messages.kit.blocks import button, value
from messages.releases.activities.criteria import MEET
from models.errors import Refused
from models.lifecycle.tables.activities import Build, ComponentTest
from models.outbox import Outgoing
from models.releases.activities.build import start_test
from models.support.tables import KnownError
from scheduler.renderers import RENDERERS, Reading
from tests.releases.steps import BUILD, approved, by, deployed, ready, rows, settle, state
from tests.slack_limits import assert_valid_message, assert_valid_view

pytestmark = pytest.mark.usefixtures("people", "catalog")


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock)


def click(person: str, **data) -> Incoming:
    element = button("x", "x", value(**data))
    return Incoming(payload={"actions": [element]}, surface="button", person=person, name="")


def submit(person: str, view, **entered) -> Incoming:
    values = {name: {"value": {"value": text}} for name, text in entered.items()}
    for name in ("result", "service", "severity", "release"):
        if name in entered:
            values[name] = {"value": {"selected_option": {"value": entered[name]}}}
    payload = {"view": {**view, "state": {"values": values}}}
    return Incoming(payload=payload, surface="modal", person=person, name="")


async def test_a_build_is_recorded_from_its_modal_once_however_often_it_is_delivered(desk, work):
    release = await approved(work)
    assert isinstance(await start_build(desk, click("U0BEN", r=release)), Nothing)
    asked = await ask_what_was_built(desk, click("U0BEN", r=release))
    assert isinstance(asked, Open)
    for _ in range(2):
        assert isinstance(await record_build(desk, submit("U0BEN", asked.view, **BUILD)), Nothing)
    assert len(await rows(work, Build)) == 1
    with pytest.raises(Refused, match="build manager"):
        await ask_what_was_built(desk, click("U0ANN", r=release))


async def test_a_criterion_is_met_from_the_list_that_the_command_gives(desk, work):
    await approved(work)
    typed = Incoming(payload={}, surface="command", person="U0TOM", name="", text="pay-2026.001.")
    listed = await show_by_command(desk, typed)
    assert isinstance(listed, Tell)
    assert "7 of 7 are open" in listed.message.text
    first = next(one for block in listed.message.blocks if block["type"] == "actions" for one in block["elements"])
    assert first["action_id"] == MEET
    form = await ask_for_evidence(desk, Incoming({"actions": [first]}, "button", "U0TOM", ""))
    assert isinstance(form, Open)
    left = await meet(desk, submit("U0TOM", form.view, evidence="https://wiki.example"))
    assert isinstance(left, Back)
    assert "6 of 7 are open" in str(left.view)


async def test_a_failure_becomes_a_known_error_from_its_button_and_then_the_verdict_is_asked_for(desk, work):
    release = await approved(work)
    await start_build(desk, click("U0BEN", r=release))
    asked = await ask_what_was_built(desk, click("U0BEN", r=release))
    await record_build(desk, submit("U0BEN", asked.view, **BUILD))
    await settle(work, release, "entry")
    await start_test(work, by("U0BEN"), release)
    await settle(work, release, "exit")
    form = await ask_for_result(desk, click("U0TOM", r=release))
    shown = await record_result(desk, submit("U0TOM", form.view, component="pay-api", result="failed", note="Slow"))
    assert isinstance(shown, Back)
    assert "0 components passed, 1 failed" in str(shown.view)
    with pytest.raises(Refused, match="pay-api failed"):
        await ask_for_verdict(desk, click("U0TOM", r=release))
    (test,) = await rows(work, ComponentTest)
    form = await ask_for_known_error(desk, click("U0TOM", t=test.id, r=release))
    assert_valid_view(form.view)
    entered = {"title": "pay-api fails", "symptom": "Slow", "workaround": "Try again", "severity": "low"}
    made = submit("U0TOM", form.view, **entered, service="PAY", release=str(release))
    assert isinstance(await record(desk, made), Tell)
    (known,) = await rows(work, KnownError)
    (test,) = await rows(work, ComponentTest)
    assert (test.known_error_id, known.release_id, known.live_at) == (known.id, release, None)
    verdict = await ask_for_verdict(desk, click("U0TOM", r=release))
    assert verdict.view["title"]["text"] == "Accept tests"


@pytest.mark.parametrize(
    ("verb", "title"),
    [("criteria", "Criteria"), ("tests", "Tests"), ("edit", "Edit release"), ("package", "Package")],
)
async def test_the_menu_opens_what_it_names(desk, work, verb, title):
    release = await approved(work)
    opened = await do_rare_verb(desk, click("U0RITA", r=release, n=1, do=verb))
    assert isinstance(opened, Open)
    assert_valid_view(opened.view)
    assert opened.view["title"]["text"].startswith(title.split()[0])


async def test_backing_out_asks_why_and_what_was_restored(desk, work):
    release = await deployed(work)
    asked = await ask_why_backed_out(desk, click("U0DANA", r=release))
    labels = [block["label"]["text"] for block in asked.view["blocks"] if block["type"] == "input"]
    assert labels == ["Reason", "What was restored"]
    await back_out(desk, submit("U0DANA", asked.view, reason="Payments fail", restored="9.1"))
    assert await state(work, release) == "backed_out"


async def test_turning_points_are_rendered_from_their_rows(work, catalog, clock):
    await ready(work)
    renderer = RENDERERS["release_turn"]
    turns = [row for row in await rows(work, Outgoing) if row.message == "release_turn"]
    async with work.database.reading() as session:
        said = [renderer.render(await renderer.load(Reading(session, catalog, clock.now(), row))) for row in turns]
    for message in said:
        assert_valid_message(message)
    assert [message.text for message in said] == [
        "<@U0RITA> <@U0OLGA> Tom accepted the tests of PAY-2026.001. Go or no go?",
        "<@U0DANA> Rita said go for PAY-2026.001. The deployment can start in its window.",
    ]

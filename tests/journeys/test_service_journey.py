"""A service is looked at and edited in Slack, and what holds from then on is what was saved."""

import json

from messages.services.parts import CHOOSE_TYPE
from models.catalog.export import export_catalog
from tests.journeys.conftest import Desk, text_of
from tests.journeys.test_environment_journey import direct
from tests.journeys.test_known_error_journey import words


async def parts(desk: Desk, person: str):
    """The parts of Payments, opened by command and button."""
    await desk.workspace.command(person, "C0PAY", "/release service")
    shown = await desk.told(person, "Payments")
    await desk.click(person, shown, "Edit")
    return await desk.form(person, "Edit the service")


async def choose(desk: Desk, person: str, view, part: str) -> None:
    """Press *Edit* beside one part."""
    block = next(one for one in view.blocks if one.get("block_id") == part)
    await desk.workspace.click(person, view, part, block["accessory"]["action_id"])


async def test_the_owner_changes_windows_and_the_form_says_what_is_wrong(desk: Desk):
    await desk.workspace.command("U0ANN", "C0PAY", "/release service pay")
    seen = await desk.told("U0ANN", "Payments")
    assert desk.captions(seen) == []

    await choose(desk, "U0OLGA", await parts(desk, "U0OLGA"), "times")
    form = await desk.form("U0OLGA", "Windows and freezes")
    answer = await desk.workspace.submit("U0OLGA", form.id, {"Windows": "mon-fri at night", "Freezes": "Summer"})
    assert set(answer["errors"]) == {"windows", "freezes"}
    await desk.workspace.submit("U0OLGA", form.id, {"Windows": "mon-fri 07:00-19:00", "Freezes": ""})
    assert text_of((await desk.modal_says("U0OLGA", "PAY is changed")).title) == "Edit the service"

    await desk.workspace.command("U0SAM", "C0PAY", "/release service PAY")
    after = await desk.told("U0SAM", "Payments")
    assert "window: mon-fri 07:00-19:00" in words(after.blocks)
    assert "freeze:" not in words(after.blocks)
    async with desk.assembly.work.reading() as snapshot:
        written = export_catalog(await snapshot.catalog())
    assert '- {days: [mon, tue, wed, thu, fri], from: "07:00", to: "19:00"}' in written


async def test_what_somebody_else_changed_meanwhile_is_shown_and_nothing_typed_is_lost(desk: Desk):
    await choose(desk, "U0OLGA", await parts(desk, "U0OLGA"), "times")
    mine = await desk.form("U0OLGA", "Windows and freezes")
    await choose(desk, "U0PETRA", await parts(desk, "U0PETRA"), "times")
    theirs = await desk.form("U0PETRA", "Windows and freezes")
    await desk.workspace.submit("U0PETRA", theirs.id, {"Windows": "mon 08:00-12:00"})

    await desk.workspace.submit("U0OLGA", mine.id, {"Windows": "fri 08:00-12:00"})
    said = words((await desk.modal_says("U0OLGA", "Petra")).blocks)
    assert "mon 08:00" in said or "days mon" in said
    form = await desk.form("U0OLGA", "Windows and freezes")
    assert "fri 08:00-12:00" in json.dumps(form.blocks)
    await desk.workspace.submit("U0OLGA", form.id, {})
    await desk.modal_says("U0OLGA", "PAY is changed")


async def approvals(desk: Desk, person: str, kind: str, lines: str) -> None:
    """Save other approvals for one type of release."""
    view = await parts(desk, person)
    menu = next(one for one in view.blocks if one.get("block_id") == "type")["accessory"]
    chosen = next(one["value"] for one in menu["options"] if one["text"]["text"] == kind)
    await desk.workspace.click(person, view, "type", CHOOSE_TYPE, chosen)
    form = await desk.form(person, "Type of release")
    await desk.workspace.submit(person, form.id, {"Approvals": lines})
    await desk.modal_says(person, "PAY is changed")
    await desk.workspace.close(person, form.id)


async def test_a_loosened_rule_does_not_help_an_open_request_and_a_tightened_one_asks_for_more(desk: Desk):
    identifier = await desk.request()
    card = await desk.shows(identifier, "Waiting for approval")
    view = await parts(desk, "U0RITA")
    assert "types of release" not in words(view.blocks)
    assert "are for the owner and the process owner" in words(view.blocks)

    await approvals(desk, "U0OLGA", "minor", "release_manager: 1")
    told = await direct(desk, "U0PETRA", "Olga Brandt", "loosened the rules of Payments")
    assert "minor: approvals by the owner: none, 1 before" in words(told.blocks)
    assert f"{identifier} keeps the rules it was requested under" in words(told.blocks)
    await desk.click("U0RITA", card, "Approve")
    await desk.until(lambda: "Rita Okafor" in words(card.blocks))
    await desk.workspace.command("U0ANN", "C0PAY", f"/release history {identifier}")
    history = await desk.told("U0ANN", identifier, "newest first")
    assert "loosened for later rounds only: approvals by the owner: none, 1 before" in words(history.blocks)

    await approvals(desk, "U0OLGA", "minor", "release_manager: 1\ntest_manager: 1")
    added = await desk.in_thread(card, "<@U0TOM>", "rules of its service have become stricter")
    assert "<@U0OLGA>" not in added.text
    await desk.click("U0TOM", card, "Approve")
    await desk.until(lambda: "Tom de Wit" in words(card.blocks))
    await desk.click("U0OLGA", card, "Approve")
    await desk.shows(identifier, "Approved")


async def test_a_type_of_release_is_added_edited_and_removed(desk: Desk):
    view = await parts(desk, "U0OLGA")
    await desk.click("U0OLGA", view, "Add a type of release")
    form = await desk.form("U0OLGA", "New type of release")
    typed = {"Name": "hot fix", "Approvals": "1 release manager", "Notice": "2 hours"}
    await desk.workspace.submit("U0OLGA", form.id, typed)
    await desk.modal_says("U0OLGA", "hot-fix")

    view = await desk.form("U0OLGA", "Edit the service")
    menu = next(one for one in view.blocks if one.get("block_id") == "type")["accessory"]
    chosen = next(one["value"] for one in menu["options"] if one["text"]["text"] == "hot-fix")
    await desk.workspace.click("U0OLGA", view, "type", CHOOSE_TYPE, chosen)
    form = await desk.form("U0OLGA", "Type of release")
    assert "2h" in json.dumps(form.blocks)
    await desk.click("U0OLGA", form, "Remove this type")
    view = await desk.form("U0OLGA", "Edit the service")
    assert "hot-fix removed" in words(view.blocks)

    await choose(desk, "U0OLGA", view, "people")
    form = await desk.form("U0OLGA", "People")
    await desk.workspace.submit("U0OLGA", form.id, {"Owner": "U0KIM"})
    view = await desk.modal_says("U0OLGA", "PAY is changed")
    assert not any("accessory" in block for block in view.blocks)

"""Known errors and incidents as first line meets them."""

from sqlmodel import select

from models.support.tables import IncidentLink, KnownError
from tests.journeys.conftest import Desk, text_of


async def record(desk: Desk) -> None:
    await desk.workspace.command("U0TOM", "C0PAY", "/known-error record Refund shows twice")
    view = await desk.form("U0TOM", "Record a known error")
    values = {
        "Service": "PAY",
        "Symptom": "The statement shows a refund on two lines",
        "Workaround": "Reload the statement; the second line disappears.",
        "Severity": "medium",
    }
    await desk.workspace.submit("U0TOM", view.id, values)
    await desk.modal_says("U0TOM", "KE-1 is recorded")


def words(blocks: list) -> str:
    """Everything written in ``blocks``."""
    if isinstance(blocks, list):
        return "".join(words(one) for one in blocks)
    if isinstance(blocks, dict):
        own = blocks["text"] if isinstance(blocks.get("text"), str) else ""
        return own + "".join(words(one) for one in blocks.values() if isinstance(one, (dict, list)))
    return ""


async def test_an_error_found_in_a_release_is_recorded_found_linked_and_resolved(desk: Desk):
    identifier = await desk.request()
    card = await desk.shows(identifier)
    await desk.workspace.command("U0TOM", "C0PAY", "/known-error record Refund shows twice")
    view = await desk.form("U0TOM", "Record a known error")
    offered = await desk.workspace.suggest("U0TOM", view.id, "release", "known_error:release_search", "card pay")
    assert [text_of(one["text"]) for one in offered] == [f"{identifier} Card payments 9.2"]
    await desk.workspace.submit(
        "U0TOM",
        view.id,
        {
            "Service": "PAY",
            "Symptom": "The statement shows a refund on two lines <!channel>",
            "Workaround": "Reload the statement; the second line disappears.",
            "Severity": "high",
            "Found in release": offered[0]["value"],
        },
    )
    note = await desk.in_thread(card, "KE-1 Refund shows twice", "accepted, 0 incidents")
    await desk.until(lambda: "KE-1" in words(card.blocks))

    await desk.workspace.command("U0IVAN", "C0PAY", "/known-error search refund twice")
    found = await desk.told("U0IVAN", "1 known error about")
    assert "Do this: Reload the statement" in words(found.blocks)
    await desk.click("U0IVAN", found, "Link an incident")
    view = await desk.form("U0IVAN", "Link an incident")
    answer = await desk.workspace.submit("U0IVAN", view.id, {"Incident number": "what"})
    assert set(answer["errors"]) == {"incident"}
    await desk.workspace.submit("U0IVAN", view.id, {"Incident number": "inc0000045."})
    await desk.until(lambda: "1 incident." in note.text)

    await desk.workspace.command("U0IVAN", "C0PAY", "/known-error resolve KE-1")
    await desk.told("U0IVAN", "This is for the problem manager, release manager or owner of Payments")
    await desk.click("U0PIA", note, "Resolve")
    view = await desk.form("U0PIA", "Resolve KE-1")
    await desk.workspace.submit("U0PIA", view.id, {"How it was solved": "Fixed in 9.3"})
    await desk.until(lambda: "resolved" in note.text)
    assert desk.captions(note) == ["Reopen", "Open"]


async def test_incidents_are_linked_by_commands_that_forgive_typing(desk: Desk):
    await record(desk)
    for line, said in (
        ("/incident link (inc0000045) ke1,", "INC0000045 is linked to KE-1"),
        ("/incident link INC0000045 KE-1", "INC0000045 was linked to KE-1 already"),
        ("/incident show <inc0000045>", "It is linked to 1 known error"),
        ("/incident show INC0000054", "INC0000045"),
        ("/incident link INC0000045 KE-11", "Did you mean `KE-1`"),
        ("/known-error show `KE-1`.", "1 incident"),
        ("/known-error show KE-2", "Did you mean `KE-1`"),
        ("/incident unlink INC0000045 KE-1", "INC0000045 is no longer linked to KE-1"),
        ("/known-error list", "Unresolved known errors"),
        ("/known-error", "/known-error search"),
        ("/incident", "/incident link"),
    ):
        await desk.workspace.command("U0ANN", "C0PAY", line)
        await desk.told("U0ANN", said)
    async with desk.assembly.database.reading() as session:
        assert (await session.exec(select(IncidentLink))).all() == []


async def test_a_message_is_recorded_as_the_symptom(desk: Desk):
    message = await desk.workspace.say("U0ANN", "C0PAY", "Refund shows twice since this morning")
    await desk.workspace.message_shortcut("U0KIM", "known_error:record_from_message", "C0PAY", message.ts)
    view = await desk.form("U0KIM", "Record a known error")
    await desk.workspace.submit("U0KIM", view.id, {"Title": "Refund shows twice"})
    async with desk.assembly.database.reading() as session:
        (known_error,) = (await session.exec(select(KnownError))).all()
    assert (known_error.symptom, known_error.service) == ("Refund shows twice since this morning", "PAY")


async def test_buttons_of_the_details_open_forms_on_top_of_them(desk: Desk):
    await record(desk)
    await desk.workspace.command("U0ANN", "C0PAY", "/known-error show KE-1")
    shown = await desk.told("U0ANN", "KE-1 Refund shows twice: accepted")
    await desk.click("U0ANN", shown, "Open")
    details = await desk.form("U0ANN", "KE-1")
    await desk.click("U0ANN", details, "Link an incident")
    view = await desk.form("U0ANN", "Link an incident")
    await desk.workspace.submit("U0ANN", view.id, {"Incident number": "INC0000045"})
    await desk.until(lambda: "INC0000045 is linked to KE-1" in words(desk.workspace.modals["U0ANN"][-1].blocks))
    assert len(desk.workspace.modals["U0ANN"]) == 2

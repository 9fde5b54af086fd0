"""A service is looked at and edited in Slack, and what holds from then on is what was saved."""

from tests.journeys.conftest import Desk, text_of
from tests.journeys.test_known_error_journey import words


async def test_the_owner_changes_windows_and_people_and_the_form_says_what_is_wrong(desk: Desk):
    await desk.workspace.command("U0ANN", "C0PAY", "/release service pay")
    seen = await desk.told("U0ANN", "Payments")
    assert desk.captions(seen) == []

    await desk.workspace.command("U0OLGA", "C0PAY", "/release service")
    shown = await desk.told("U0OLGA", "Payments")
    await desk.click("U0OLGA", shown, "Edit windows and freezes")
    form = await desk.form("U0OLGA", "Windows and freezes")
    answer = await desk.workspace.submit("U0OLGA", form.id, {"Windows": "mon-fri at night"})
    assert set(answer["errors"]) == {"windows"}
    answer = await desk.workspace.submit("U0OLGA", form.id, {"Windows": "mon-fri 07:00-19:00", "Freezes": ""})
    assert text_of(answer["view"]["title"])
    assert "PAY is changed" in words(answer["view"]["blocks"])

    await desk.workspace.command("U0SAM", "C0PAY", "/release service PAY")
    after = await desk.told("U0SAM", "Payments")
    assert "window: mon-fri 07:00-19:00" in words(after.blocks)
    assert "freeze:" not in words(after.blocks)

    await desk.click("U0OLGA", shown, "Edit people")
    await desk.told("U0OLGA", "The catalog has changed since this was shown")

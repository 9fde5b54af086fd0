"""A release that somebody rewrites after it was decided on, as its people live it."""

from tests.journeys.conftest import Desk


async def test_a_release_manager_rewrites_a_release_and_another_one_approves_it(desk: Desk):
    identifier = await desk.request(channel="C0WEB", Service="WEB", Type="major", Title="Checkout 4.1")
    card = await desk.shows(identifier, channel="C0WEB")
    await desk.click("U0OLGA", card, "Approve")
    await desk.until(lambda: "Olga" in str(desk.card(identifier, "C0WEB").blocks))

    await _edit(desk, card, "U0RITA", {"Title": "Chekcout 4.1"})
    await desk.until(lambda: "Chekcout" in desk.card(identifier, "C0WEB").text)
    await _edit(desk, card, "U0RITA", {"Title": "Checkout 4.1", "Back-out plan": "Redeploy 4.0.2"})
    told = await desk.in_thread(card, "<@U0OLGA>", "changed", "ecide again")
    assert "Redeploy 4.0.2" in str(told.blocks)
    assert "Redeploy 9.1" in str(told.blocks)

    card = await desk.shows(identifier, channel="C0WEB")
    await desk.click("U0RITA", card, "Approve")
    await desk.told("U0RITA", f"You changed what {identifier} says", "Sam", channel="C0WEB")
    for person in ("U0SAM", "U0OLGA", "U0TOM"):
        await desk.click(person, card, "Approve")
    await desk.shows(identifier, "Approved", channel="C0WEB")


async def _edit(desk: Desk, card, person: str, changes: dict[str, str]) -> None:
    await desk.click(person, card, "Details")
    details = await desk.form(person, "Release")
    await desk.click(person, details, "Edit")
    form = await desk.form(person, "Edit the release")
    assert "A material change costs their approval" in str(form.blocks)
    assert await desk.workspace.submit(person, form.id, changes) == {}

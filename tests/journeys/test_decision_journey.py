"""What an approval is worth: comments, withdrawing, confirming evidence, superseding."""

from typing import Any

from bot.workspace.world.records import Message
from tests.journeys.conftest import Desk


async def choose(desk: Desk, person: str, message: Message, label: str) -> None:
    """Choose ``label`` in the menu of ``message``."""
    for block in message.blocks:
        for element in block.get("elements", ()):
            options: list[dict[str, Any]] = element.get("options", []) if element["type"] == "overflow" else []
            for option in options:
                if option["text"]["text"] == label:
                    place = (block["block_id"], element["action_id"])
                    await desk.workspace.click(person, message, *place, option["value"])
                    return
    raise AssertionError(f"no {label!r} in a menu")


async def test_an_approval_is_commented_withdrawn_confirmed_and_the_release_superseded(desk: Desk):
    identifier = await desk.request("U0TOM", Title="Card payments 9.2")
    card = await desk.shows(identifier, "Waiting for approval")
    await choose(desk, "U0RITA", card, "Approve with a comment")
    form = await desk.form("U0RITA", "Approve with a comment")
    assert await desk.workspace.submit("U0RITA", form.id, {"Comment": "Not before the month close"}) == {}
    await desk.until(lambda: "Not before the month close" in str(card.blocks))

    await choose(desk, "U0RITA", card, "Withdraw approval")
    await desk.in_thread(card, "<@U0OLGA>", "withdrew their approval")
    await desk.until(lambda: "Approved by" not in str(card.blocks))
    for person in ("U0RITA", "U0OLGA"):
        await desk.click(person, card, "Approve")
    card = await desk.shows(identifier, "Approved")
    await desk.until(lambda: "Approved by" in str(card.blocks))

    await desk.workspace.command("U0TOM", "C0PAY", f"/release criteria {identifier}")
    listed = await desk.told("U0TOM", "7 of 7 are open")
    await desk.click("U0TOM", listed, "Met")
    form = await desk.form("U0TOM", "Met")
    assert "once Olga Brandt or Rita Okafor confirms it" in str(form.blocks)
    await desk.workspace.submit("U0TOM", form.id, {"Evidence": "https://wiki.example/changes"})
    asks = await desk.in_thread(card, "<@U0OLGA>", "Confirm it if the evidence convinces you")
    await desk.click("U0OLGA", asks, "Criteria")
    criteria = await desk.form("U0OLGA", "Criteria")
    await desk.click("U0OLGA", criteria, "Confirm")
    await desk.until(lambda: "Nothing of" in asks.text)

    newer = await desk.request("U0TOM", Title="Card payments 9.3")
    await desk.workspace.command("U0TOM", "C0PAY", f"/release supersede {identifier} by {newer}")
    card = await desk.shows(identifier, f"Cancelled, superseded by {newer}")
    await desk.until(lambda: desk.captions(card) == ["Details", newer])
    await desk.in_thread(card, "cancelled, superseded by", newer)
    await desk.in_thread(await desk.shows(newer, "Waiting for approval"), "supersedes", identifier)

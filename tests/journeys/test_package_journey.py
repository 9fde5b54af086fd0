"""What a release contains, edited by a person in the local workspace, over real HTTP and WebSockets."""

from messages.releases.package.forms import ITEM_SEARCH, NODE_SEARCH
from tests.journeys.conftest import Desk


async def test_a_package_is_filled_and_its_edit_voids_an_approval(desk: Desk):
    identifier = await desk.request()
    card = await desk.shows(identifier)
    await desk.click("U0RITA", card, "Approve")
    await desk.until(lambda: "Rita" in str(desk.card(identifier).blocks))
    await desk.workspace.command("U0BEN", "C0PAY", f"/release package {identifier}")
    package = await desk.told("U0BEN", identifier, "Nobody has said yet")
    await desk.click("U0BEN", package, "Add")
    form = await desk.form("U0BEN", "Add to the package")
    (offered,) = await desk.workspace.suggest("U0BEN", form, "item", ITEM_SEARCH, "database")
    assert offered["text"]["text"] == "pay-db 15.4"
    item = {"Configuration item of the catalog": "pay-db", "Version": "16.1"}
    answer = await desk.workspace.submit("U0BEN", form.id, item)
    assert "no longer hold" in str(answer)
    shown = await desk.form("U0BEN", "Package")
    assert "pay-api 9.1.0 needs pay-db >=14,<16; this package brings 16.1" in str(shown.blocks)
    told = await desk.in_thread(card, "<@U0RITA>", "ecide again")
    assert "pay-db 16.1 (software) added" in str(told.blocks)
    await desk.until(lambda: "this package brings 16.1" in str(desk.card(identifier).blocks))
    await desk.click("U0BEN", shown, "Remove")
    choice = await desk.form("U0BEN", "Remove")
    await desk.workspace.suggest("U0BEN", choice, "node", NODE_SEARCH, "pay-db")
    await desk.workspace.submit("U0BEN", choice.id, {f"What of {identifier}": "pay-db 16.1"})
    sure = await desk.form("U0BEN", "Remove")
    await desk.workspace.submit("U0BEN", sure.id, {})
    await desk.until(lambda: "this package brings" not in str(desk.card(identifier).blocks))

"""A guest, somebody of another team and somebody who left, as they meet Release Desk in Slack."""

from tests.journeys.conftest import Desk


async def test_outsiders_are_refused_in_words_and_whoever_leaves_decides_nothing_any_more(desk: Desk):
    workspace = desk.workspace
    identifier = await desk.request()
    card = await desk.shows(identifier, "Waiting for approval")
    for person in ("U0GIL", "U0PAT"):
        answer = await workspace.command(person, "C0PAY", "/release list")
        assert "for the members of this workspace" in answer["text"]
        await desk.click(person, card, "Details")
        await desk.told(person, "for the members of this workspace")
    await workspace.open_home("U0GIL")
    home = await desk.until(lambda: workspace.home("U0GIL"))
    assert "for the members of this workspace" in str(home.blocks)
    assert "Coming up" not in str(home.blocks)

    await workspace.update_person("U0OLGA", deleted=True)
    await workspace.idle()
    await desk.click("U0OLGA", card, "Approve")
    await desk.told("U0OLGA", "for the members of this workspace")
    await workspace.update_person("U0OLGA", deleted=False)
    await workspace.idle()
    await desk.click("U0OLGA", card, "Approve")
    await desk.until(lambda: "Olga Brandt" in str(desk.card(identifier).blocks))

    workspace.faults.add("server_error", "users.info", times=None)
    await desk.move(hours=25)
    await desk.click("U0RITA", card, "Approve")
    await desk.told("U0RITA", "Slack doesn't answer")
    workspace.faults.clear()
    await desk.move(seconds=30)
    await desk.click("U0RITA", card, "Approve")
    await desk.shows(identifier, "Approved")

"""A plan from its first page to the last box, as its people live it."""

from typing import Any

from bot.workspace.world.records import Message
from tests.journeys.conftest import Desk, text_of


async def approved(desk: Desk) -> tuple[str, Message]:
    """An approved release and its card."""
    identifier = await desk.request()
    card = await desk.shows(identifier)
    await desk.click("U0RITA", card, "Approve")
    await desk.click("U0OLGA", card, "Approve")
    return identifier, await desk.shows(identifier, "Approved")


async def plan(desk: Desk, identifier: str, person: str = "U0RITA") -> Message:
    """The plan as ``person`` asks for it."""
    await desk.workspace.command(person, "C0PAY", f"/release plan {identifier}")
    return await desk.told(person, f"*Plan of {identifier}*")


async def add(desk: Desk, shown: Message, title: str, person: str = "U0RITA", **values: Any) -> None:
    """Add a task from the plan that is shown."""
    await desk.click(person, shown, "Add a task")
    view = await desk.form(person, "Add a task")
    usual = {"Title": title, "Phase": "implementation", "Role": "deployment_staff", **values}
    assert await desk.workspace.submit(person, view.id, usual) == {}


def menu(message: Message, title: str) -> tuple[str, dict[str, str]]:
    """The block of the task ``title``, and its menu's values by caption."""
    block = next(
        one for one in message.blocks if one.get("accessory") and title in one["text"]["text"].replace("\u2060", "")
    )
    return block["block_id"], {text_of(one["text"]): one["value"] for one in block["accessory"]["options"]}


async def choose(desk: Desk, message: Message, title: str, caption: str, person: str = "U0RITA") -> None:
    """Choose ``caption`` from the menu of the task ``title``."""
    block_id, options = menu(message, title)
    await desk.workspace.click(person, message, block_id, "plan:task", options[caption])


def boxes(message: Message) -> list[dict[str, Any]]:
    """The blocks with boxes."""
    return [one for one in message.blocks if one["block_id"].startswith("ticks:")]


def ticked(message: Message) -> list[str]:
    """What is ticked in the message as the app sends it."""
    return [
        text_of(option["text"])
        for block in boxes(message)
        for option in block["elements"][0].get("initial_options", ())
    ]


async def tick(desk: Desk, message: Message, person: str, *titles: str) -> None:
    """Leave exactly ``titles`` ticked in the first group."""
    block = boxes(message)[0]
    await desk.workspace.click(person, message, block["block_id"], "checklist:tick", list(titles))


async def test_a_plan_is_changed_and_shown_anew_where_it_stands(desk: Desk):
    identifier, _ = await approved(desk)
    shown = await plan(desk, identifier)
    await add(desk, shown, "Switch traffic over")
    await desk.until(lambda: "of 7 done" in shown.text)
    await choose(desk, shown, "Switch traffic over", "Change")
    view = await desk.form("U0RITA", "Change the task")
    assert await desk.workspace.submit("U0RITA", view.id, {"Title": "Switch all traffic"}) == {}
    await desk.until(lambda: any("Switch all traffic" in str(block) for block in shown.blocks))
    await choose(desk, shown, "Switch all traffic", "Done")
    await desk.until(lambda: "1 of 7 done" in shown.text)
    await choose(desk, shown, "Announce the release", "Remove")
    view = await desk.form("U0RITA", "Remove the task")
    await desk.workspace.submit("U0RITA", view.id, {})
    await desk.until(lambda: "1 of 6 done" in shown.text)
    await desk.click("U0RITA", shown, "Sustaining people")
    view = await desk.form("U0RITA", "Sustaining people")
    assert await desk.workspace.submit("U0RITA", view.id, {"Sustaining people": ["U0OMAR"]}) == {}
    await desk.until(lambda: any("Omar" in str(block) for block in shown.blocks))


async def test_pages_turn_in_place(desk: Desk):
    identifier, _ = await approved(desk)
    shown = await plan(desk, identifier)
    for number in range(12):
        await add(desk, shown, f"Step {number}")
    await desk.until(lambda: "of 18 done" in shown.text)
    await desk.click("U0RITA", shown, "Later")
    await desk.until(lambda: "Page 2 of 2" in shown.text)
    await desk.click("U0RITA", shown, "Earlier")
    await desk.until(lambda: "Page 1 of 2" in shown.text)


async def test_several_people_tick_in_one_message_and_a_wrong_tick_goes_back(desk: Desk):
    identifier, card = await approved(desk)
    shown = await plan(desk, identifier)
    for title in ("One", "Two"):
        await add(desk, shown, title)
    await desk.until(lambda: "Checklist" in desk.captions(shown))
    await desk.click("U0RITA", shown, "Checklist")
    await desk.told("U0RITA", f"The checklist stands in the thread of {identifier}")
    checklist = await desk.in_thread(card, f"Checklist of {identifier}")
    await tick(desk, checklist, "U0DANA", "One")
    await desk.until(lambda: ticked(checklist) == ["One"])
    await tick(desk, checklist, "U0RITA", "One", "Two")
    await desk.until(lambda: ticked(checklist) == ["One", "Two"])
    before = boxes(checklist)[0]["block_id"]
    await tick(desk, checklist, "U0BEN", "One")
    replies = desk.workspace.thread
    told = await desk.until(
        lambda: [one for one in replies(card.channel, card.ts, "U0BEN") if one.ephemeral_to == "U0BEN"]
    )
    assert "This is for the deployment staff or release manager" in told[0].text
    await desk.until(lambda: boxes(checklist)[0]["block_id"] != before)
    assert ticked(checklist) == ["One", "Two"]


async def test_release_notes_are_drafted_edited_and_posted_once(desk: Desk):
    identifier, card = await approved(desk)
    shown = await plan(desk, identifier)
    await desk.click("U0RITA", shown, "Draft release notes")
    view = await desk.form("U0RITA", "Release notes")
    await desk.click("U0RITA", view, "Post")
    posted = await desk.in_thread(card, f"Release notes of {identifier}", "version 1")
    assert "Faster settlement" in str(posted.blocks)
    await desk.until(lambda: "posted" in str(desk.workspace.modals["U0RITA"][-1].blocks[0]))
    view = desk.workspace.modals["U0RITA"][-1]
    state = {"notes": "Shorter notes"}
    await desk.workspace.click("U0RITA", view, "post", "notes:post", state=state)
    await desk.until(lambda: "Shorter notes" in str(posted.blocks))

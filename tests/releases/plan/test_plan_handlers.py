"""The plan's pages, menu and forms, the checklist and release notes, from the click to the answer."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.dispatch.answers import Change, Nothing, Open, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.releases.card.more_menu import do_rare_verb
from handlers.releases.card.show import show_details
from handlers.releases.plan.checklist import post, tick_boxes
from handlers.releases.plan.edit_tasks import act_on_task, ask_for_task, remove_task, save_task
from handlers.releases.plan.plan import ask_who_sustains, name_sustaining, open_plan, show_plan, turn_page
from handlers.releases.plan.release_notes import open_notes, save
from handlers.releases.plan.release_notes import post as post_notes
from messages.kit import sizes
from messages.releases.plan.checklist import render
from models.errors import Refused, Stale
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.plan import PlanTask, ReleaseNotes, SustainingPerson
from models.lifecycle.tables.release import Release
from models.outbox import message_by_key
from models.releases.plan.checklist import checklist_part
from tests.conftest import MORNING
from tests.factories import make_release, make_task
from tests.releases.steps import rows
from tests.slack_limits import assert_valid_message, assert_valid_view

URL = "https://hooks.slack.com/actions/T0/1/secret"


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock)


@pytest.fixture
async def release(work, catalog, people) -> Release:
    """An approved release with two tasks of the day for deployment staff."""
    found = await make_release(work, State.APPROVED, identifier="PAY-2026.014")
    for position, title in enumerate(("One", "Two")):
        await make_task(
            work,
            found,
            position=position,
            phase="implementation",
            role="deployment_staff",
            title=title,
            milestone=False,
        )
    return found


def click(element: dict[str, Any], person: str = "U0RITA", view: dict[str, Any] | None = None) -> Incoming:
    payload: dict[str, Any] = {"actions": [element]}
    if view:
        payload["view"] = view
    return Incoming(payload=payload, surface="button", person=person, name="", response_url=URL)


def submit(view: dict[str, Any], person: str = "U0RITA", **values: Any) -> Incoming:
    """Submit the opened ``view`` with ``values``: texts, or states of elements."""
    state = {"values": {name: {"value": entered} for name, entered in values.items()}}
    payload = {"view": {**view, "state": state}}
    return Incoming(payload=payload, surface="modal", person=person, name="")


TASK = {
    "title": {"type": "plain_text_input", "value": "Three"},
    "phase": {"type": "static_select", "selected_option": {"value": "implementation"}},
    "due": {"type": "datetimepicker", "selected_date_time": int((MORNING + timedelta(days=7)).timestamp())},
    "owner": {"type": "users_select", "selected_user": None},
    "role": {"type": "static_select", "selected_option": {"value": "deployment_staff"}},
    "milestone": {"type": "checkboxes", "selected_options": [{"value": "milestone"}]},
    "before": {"type": "static_select", "selected_option": {"value": "1"}},
}


async def shown(desk: Desk, person: str = "U0RITA"):
    incoming = Incoming(payload={}, surface="command", person=person, name="", text="pay-2026.014")
    answer = await show_plan(desk, incoming)
    assert isinstance(answer, Tell)
    assert_valid_message(answer.message)
    return answer.message


def button(message, caption: str) -> dict[str, Any]:
    elements = [one for block in message.blocks if block["type"] == "actions" for one in block["elements"]]
    return next(one for one in elements if one.get("text", {}).get("text") == caption)


def chosen(message, title: str, caption: str) -> dict[str, Any]:
    """The payload of choosing ``caption`` from the menu of the task ``title``."""
    block = next(one for one in message.blocks if one.get("accessory") and f"*{title}*" in one["text"]["text"])
    options = block["accessory"]["options"]
    return {"selected_option": next(one for one in options if one["text"]["text"] == caption)}


async def titles(work) -> list[str]:
    return [task.title for task in sorted(await rows(work, PlanTask), key=lambda task: task.position)]


def replaced(answer) -> str:
    """The plan that replaced the one that was clicked in."""
    assert isinstance(answer, Replace)
    assert answer.url == URL
    assert_valid_message(answer.message)
    return answer.message.text


async def test_pages_turn_where_they_stand(desk, work, release):
    for number in range(sizes.PLAN_PAGE):
        await make_task(work, release, position=number + 2, phase="verification", milestone=False)
    later = await turn_page(desk, click(button(await shown(desk), "Later")))
    assert "Page 2 of 2" in replaced(later)
    assert "Page 1 of 2" in replaced(await turn_page(desk, click(button(later.message, "Earlier"))))


async def test_a_phase_is_gone_to_at_once(desk, work, release):
    for number in range(sizes.PLAN_PAGE * 3):
        await make_task(work, release, position=number + 2, phase="verification", milestone=False)
    await make_task(work, release, position=900, phase="early_life_support", milestone=False)
    (row,) = [block for block in (await shown(desk)).blocks if block.get("block_id") == "pages"]
    menu = row["elements"][-1]
    assert [one["text"]["text"] for one in menu["options"]] == [
        *("Implementation", "Verification", "Early life support"),
    ]
    assert "Page 4 of 4" in replaced(await turn_page(desk, click({"selected_option": menu["options"][2]})))


async def test_a_task_is_added_with_everything_that_was_entered(desk, work, release):
    opened = await ask_for_task(desk, click(button(await shown(desk), "Add a task")))
    assert isinstance(opened, Open)
    assert_valid_view(opened.view)
    assert "0 of 3 done" in replaced(await save_task(desk, submit(opened.view, **TASK)))
    assert await titles(work) == ["Three", "One", "Two"]
    task = (await rows(work, PlanTask))[-1]
    assert (task.milestone, task.role, task.due_at) == (True, "deployment_staff", MORNING + timedelta(days=7))


async def test_the_menu_does_changes_moves_and_removes(desk, work, release):
    message = await shown(desk)
    assert "1 of 2 done" in replaced(await act_on_task(desk, click(chosen(message, "One", "Done"))))
    late = await act_on_task(desk, click(chosen(message, "One", "Done"), "U0DANA"))
    assert isinstance(late, Tell)
    message = await shown(desk)
    reopen = next(one["accessory"]["options"][0] for one in message.blocks if "~One~" in str(one.get("text")))
    assert "0 of 2 done" in replaced(await act_on_task(desk, click({"selected_option": reopen})))
    replaced(await act_on_task(desk, click(chosen(await shown(desk), "One", "Move down"))))
    assert await titles(work) == ["Two", "One"]
    with pytest.raises(Stale):
        await act_on_task(desk, click(chosen(message, "Two", "Move up")))
    replaced(await act_on_task(desk, click(chosen(await shown(desk), "One", "Move up"))))
    changing = await act_on_task(desk, click(chosen(await shown(desk), "Two", "Change")))
    assert isinstance(changing, Open)
    replaced(await save_task(desk, submit(changing.view, **TASK)))
    assert await titles(work) == ["Three", "One"]
    removing = await act_on_task(desk, click(chosen(await shown(desk), "One", "Remove")))
    assert isinstance(removing, Open)
    assert "0 of 1 done" in replaced(await remove_task(desk, submit(removing.view)))
    assert await titles(work) == ["Three"]


async def test_who_may_not_is_refused_before_a_form_opens(desk, release):
    message = await shown(desk)
    for ask, element in (
        (ask_for_task, button(message, "Add a task")),
        (ask_who_sustains, button(message, "Sustaining people")),
        (open_notes, button(message, "Draft release notes")),
        (post, button(message, "Checklist")),
        (act_on_task, chosen(message, "One", "Change")),
        (act_on_task, chosen(message, "One", "Done")),
        (act_on_task, chosen(message, "One", "Move down")),
    ):
        with pytest.raises(Refused):
            await ask(desk, click(element, "U0BOB"))


async def test_sustaining_people_are_chosen_in_a_form(desk, work, release):
    opened = await ask_who_sustains(desk, click(button(await shown(desk), "Sustaining people")))
    assert isinstance(opened, Open)
    people = {"type": "multi_users_select", "selected_users": ["U0OMAR", "U0KIM"]}
    replaced(await name_sustaining(desk, submit(opened.view, people=people)))
    assert [one.person for one in await rows(work, SustainingPerson)] == ["U0KIM", "U0OMAR"]


async def test_notes_are_saved_and_posted_from_one_form(desk, work, release):
    opened = await open_notes(desk, click(button(await shown(desk), "Draft release notes")))
    assert isinstance(opened, Open)
    assert_valid_view(opened.view)
    notes = {"type": "plain_text_input", "value": "The notes"}
    assert isinstance(await save(desk, submit(opened.view, notes=notes)), Nothing)
    again = await open_notes(desk, click(button(await shown(desk), "Release notes")))
    changed = {"type": "plain_text_input", "value": "Better notes"}
    answer = await post_notes(desk, submit(again.view, notes=changed))
    assert isinstance(answer, Change)
    assert_valid_view(answer.view)
    assert "Version 2 of PAY-2026.014, posted" in answer.view["blocks"][0]["text"]["text"]
    assert [one.text for one in await rows(work, ReleaseNotes)] == ["The notes", "Better notes"]


def in_modal(view: dict[str, Any], caption: str, person: str = "U0RITA") -> Incoming:
    """A click on the button captioned ``caption`` in a modal, which has no address to answer at."""
    elements = [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
    element = next(one for one in elements if one.get("text", {}).get("text") == caption)
    payload = {"actions": [element], "view": view}
    return Incoming(payload=payload, surface="modal", person=person, name="")


def planned(view: dict[str, Any]) -> str:
    assert_valid_view(view)
    return view["blocks"][0]["text"]["text"]


async def test_the_card_leads_to_the_plan_which_offers_what_its_reader_may_do(desk, release):
    chosen_plan = {"selected_option": {"value": f'{{"v":1,"r":{release.id},"n":1,"do":"plan"}}'}}
    for person, offered in (("U0RITA", True), ("U0BOB", False)):
        opened = await do_rare_verb(desk, click(chosen_plan, person))
        assert isinstance(opened, Open)
        assert planned(opened.view).startswith("*Plan of PAY-2026.014*: 0 of 2 done")
        assert ("Add a task" in str(opened.view["blocks"])) == offered
        assert any("accessory" in block for block in opened.view["blocks"]) == offered


async def test_the_details_lead_to_the_plan_which_is_changed_where_it_stands(desk, work, release):
    opened = await show_details(desk, click({"value": f'{{"v":1,"r":{release.id}}}'}))
    assert isinstance(opened, Open)
    assert_valid_view(opened.view)
    found = await open_plan(desk, in_modal(opened.view, "Plan"))
    assert isinstance(found, Open)
    assert "0 of 2 done" in planned(found.view)
    form = await ask_for_task(desk, in_modal(found.view, "Add a task"))
    assert isinstance(form, Change)
    saved = await save_task(desk, submit(form.view, **TASK))
    assert isinstance(saved, Change)
    assert "0 of 3 done" in planned(saved.view)
    menu = next(block["accessory"]["options"][0] for block in saved.view["blocks"] if "accessory" in block)
    payload = {"actions": [{"selected_option": menu}], "view": saved.view}
    done = await act_on_task(desk, Incoming(payload=payload, surface="modal", person="U0RITA", name=""))
    assert isinstance(done, Change)
    assert "1 of 3 done" in planned(done.view)
    for number in range(sizes.PLAN_PAGE):
        await make_task(work, release, position=number + 3, phase="verification", milestone=False)
    found = await open_plan(desk, in_modal(opened.view, "Plan"))
    assert isinstance(found, Open)
    later = await turn_page(desk, in_modal(found.view, "Later"))
    assert isinstance(later, Change)
    assert "Page 2 of 2" in planned(later.view)


async def boxes(work, release: Release) -> dict[str, Any]:
    """The first group of boxes in the thread."""
    async with work.reading() as snapshot:
        row = await message_by_key(snapshot.session, f"checklist:{release.id}:0")
        found = await checklist_part(snapshot.session, await snapshot.catalog(), row, work.clock.now())
    return next(one for one in render(found).blocks if one["type"] == "actions")


def ticking(block: dict[str, Any], *tasks: int) -> dict[str, Any]:
    """The payload when exactly ``tasks`` are ticked in ``block``."""
    options = [one for one in block["elements"][0]["options"] if int(one["value"]) in tasks]
    return {"type": "checkboxes", "block_id": block["block_id"], "selected_options": options}


async def test_boxes_are_ticked_unticked_and_refused(desk, work, release):
    posted = await post(desk, click(button(await shown(desk), "Checklist")))
    assert isinstance(posted, Tell)
    assert posted.message.text.startswith("The checklist stands in the thread of PAY-2026.014.")
    seen_by_both = await boxes(work, release)
    assert isinstance(await tick_boxes(desk, click(ticking(seen_by_both, 1), "U0DANA")), Nothing)
    assert isinstance(await tick_boxes(desk, click(ticking(seen_by_both, 2), "U0RITA")), Nothing)
    assert [task.done_by for task in await rows(work, PlanTask)] == ["U0DANA", "U0RITA"]
    refused = await tick_boxes(desk, click(ticking(await boxes(work, release), 1), "U0BOB"))
    assert isinstance(refused, Tell)
    assert refused.message.text.startswith("This is for the deployment staff or release manager of PAY-2026.014")
    await tick_boxes(desk, click(ticking(await boxes(work, release), 1), "U0DANA"))
    assert [task.done_by for task in await rows(work, PlanTask)] == ["U0DANA", None]


async def test_a_box_that_nobody_drew_is_refused_as_old(desk, release):
    for block_id in ("", "ticks:x", "ticks:1:1:0:a", "ticks:1:1"):
        with pytest.raises(Stale, match="earlier version"):
            await tick_boxes(desk, click({"block_id": block_id, "selected_options": []}))

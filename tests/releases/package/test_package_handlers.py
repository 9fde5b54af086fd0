import pytest

from handlers.dispatch.answers import Change, Choices, Open, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.releases.package import edit, show
from messages.releases.package import forms
from messages.releases.package.show import ADD, CHANGE, COPY, PAGE, REMOVE
from models.errors import Invalid, NotFound, Refused
from models.packages.tables import PackageNode
from models.packages.tree import NodeType
from tests.factories import insert, make_release
from tests.releases.steps import rows
from tests.slack_limits import assert_valid_message, assert_valid_view

pytestmark = pytest.mark.usefixtures("people", "catalog")


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock)


@pytest.fixture
async def release(work):
    return await make_release(work, identifier="PAY-2026.014")


def command(text: str) -> Incoming:
    return Incoming(payload={}, surface="command", person="U0ANN", name="", text=text)


def click(shown, action_id: str, person: str = "U0ANN") -> Incoming:
    """A click on a button in a message or in the modal of a package."""
    view = shown if isinstance(shown, dict) else None
    blocks = view["blocks"] if view else shown.blocks
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    element = next(one for one in elements if one["action_id"] == action_id)
    payload = {"actions": [element]} | ({"view": view} if view else {})
    return Incoming(payload=payload, surface="modal" if view else "button", person=person, name="")


def in_form(view, person: str = "U0ANN", text: str = "", action=None, **values) -> Incoming:
    state = {"values": {name: {"any": entered} for name, entered in values.items()}}
    payload = {"view": {**view, "state": state}, "actions": [action or {}]}
    return Incoming(payload=payload, surface="modal", person=person, name="", text=text)


def typed(text: str) -> dict:
    return {"type": "plain_text_input", "value": text}


def chosen(value: str | None) -> dict:
    return {"type": "static_select", "selected_option": value and {"value": value}}


async def shown(desk) -> Tell:
    answer = await show.show_package(desk, command(" pay-2026.014, "))
    assert isinstance(answer, Tell)
    assert_valid_message(answer.message)
    return answer


async def test_a_package_is_shown_by_identifier_as_people_type_it(desk, release):
    assert (await shown(desk)).message.text.startswith("*PAY-2026.014* Card payments 9.2: 1 change.")
    with pytest.raises(NotFound) as unknown:
        await show.show_package(desk, command("PAY-2026.041"))
    assert unknown.value.nearest == ("PAY-2026.014",)


async def test_a_release_package_is_called_as_its_service_numbers_it(desk, work):
    await make_release(work, service="WEB", identifier="Release Package 9 v2.0")
    answer = await show.show_package(desk, command("release package 9 V2.0"))
    assert isinstance(answer, Tell)
    assert answer.message.text.startswith("*Release Package 9 v2.0* ")


async def test_adding_an_item_of_the_catalog_and_then_another_in_the_same_modal(desk, work, release):
    form = await edit.ask_what_to_add(desk, click((await shown(desk)).message, ADD))
    assert isinstance(form, Open)
    assert_valid_view(form.view)
    offered = await edit.find_item(desk, in_form(form.view, text="api"))
    assert isinstance(offered, Choices)
    assert [one["value"] for one in offered.options] == ["pay-api"]
    values = {"what": chosen("ci"), "parent": chosen(forms.RELEASE_ITSELF), "kind": chosen(None)}
    values |= {"item": chosen("pay-api"), "key": typed(""), "version": typed("9.2.0"), "link": typed("")}
    saved = await edit.add(desk, in_form(form.view, **values))
    assert isinstance(saved, Change)
    assert_valid_view(saved.view)
    assert saved.view["blocks"][0]["text"]["text"] == "Saved: pay-api 9.2.0."
    again = await edit.ask_what_to_add(desk, click(saved.view, ADD))
    assert isinstance(again, Change)
    unit = await edit.choose_kind(
        desk, in_form(again.view, action={"selected_option": {"value": "unit"}}, key=typed("Settlement"))
    )
    assert isinstance(unit, Change)
    assert_valid_view(unit.view)
    names = [block["block_id"] for block in unit.view["blocks"]]
    assert names == ["what", "parent", "key", "version", "link"]
    assert unit.view["blocks"][2]["element"]["initial_value"] == "Settlement"
    values = {"what": chosen("unit"), "parent": chosen(forms.RELEASE_ITSELF), "key": typed("Settlement")}
    await edit.add(desk, in_form(unit.view, **values))
    assert [(one.what, one.key, one.version) for one in await rows(work, PackageNode)] == [
        ("ci", "pay-api", "9.2.0"),
        ("unit", "Settlement", ""),
    ]


async def test_an_entry_is_chosen_and_changed(desk, work, release):
    node = PackageNode(release_id=release.id, position=1, what=NodeType.ITEM, key="x", kind="process", version="1")
    node = await insert(work, node)
    asked = await edit.ask_which_to_change(desk, click((await shown(desk)).message, CHANGE))
    assert isinstance(asked, Open)
    offered = await edit.find_in_package(desk, in_form(asked.view, text="x 1"))
    assert isinstance(offered, Choices)
    ref = offered.options[0]["value"]
    with pytest.raises(Invalid):
        await edit.ask_what_to_change(desk, in_form(asked.view, node=chosen(None)))
    form = await edit.ask_what_to_change(desk, in_form(asked.view, node=chosen(ref)))
    assert isinstance(form, Change)
    assert_valid_view(form.view)
    values = {"parent": chosen(forms.RELEASE_ITSELF), "key": typed("x"), "kind": chosen("process")}
    saved = await edit.change(desk, in_form(form.view, **values, version=typed("2")))
    assert isinstance(saved, Change)
    assert [(one.id, one.version) for one in await rows(work, PackageNode)] == [(node.id, "2")]


async def test_an_entry_is_chosen_and_removed_after_one_more_question(desk, work, release):
    node = PackageNode(release_id=release.id, position=1, what=NodeType.UNIT, key="Unit")
    node = await insert(work, node)
    inside = PackageNode(
        release_id=release.id, parent_id=node.id, position=2, what=NodeType.ITEM, key="x", version="1"
    )
    await insert(work, inside)
    asked = await edit.ask_which_to_remove(desk, click((await shown(desk)).message, REMOVE))
    assert isinstance(asked, Open)
    sure = await edit.ask_whether_to_remove(desk, in_form(asked.view, node=chosen(f"#{node.id}")))
    assert isinstance(sure, Change)
    assert "What is in it goes with it: x 1." in sure.view["blocks"][0]["text"]["text"]
    assert isinstance(await edit.remove(desk, in_form(sure.view)), Change)
    assert await rows(work, PackageNode) == []


async def test_a_package_is_copied_from_another_release(desk, work, release):
    other = await make_release(work, identifier="PAY-2026.013")
    node = PackageNode(release_id=other.id, position=1, what=NodeType.ITEM, key="x", version="1", kind="process")
    await insert(work, node)
    asked = await edit.ask_what_to_copy(desk, click((await shown(desk)).message, COPY))
    assert isinstance(asked, Open)
    offered = await edit.find_source(desk, in_form(asked.view, text="2026.013"))
    assert isinstance(offered, Choices)
    source = offered.options[0]["value"]
    await edit.copy(desk, in_form(asked.view, source=chosen(source)))
    assert [(one.release_id, one.key) for one in await rows(work, PackageNode)] == [
        (other.id, "x"),
        (release.id, "x"),
    ]


async def test_nobody_fills_in_a_form_in_vain(desk, release):
    message = (await shown(desk)).message
    for ask, action in (
        (edit.ask_what_to_add, ADD),
        (edit.ask_which_to_change, CHANGE),
        (edit.ask_which_to_remove, REMOVE),
        (edit.ask_what_to_copy, COPY),
    ):
        with pytest.raises(Refused):
            await ask(desk, click(message, action, "U0BOB"))


async def test_the_pages_of_a_package_are_turned_where_it_is_shown(desk, work, release):
    async with work(command("").actor) as tx:
        for number in range(300):
            tx.session.add(
                PackageNode(
                    release_id=release.id, position=number, what=NodeType.ITEM, key=f"ci-{number}", version="1"
                )
            )
    message = (await shown(desk)).message
    later = await show.turn_page(desk, click(message, PAGE))
    assert isinstance(later, Replace)
    assert_valid_message(later.message)
    details = {"actions": [{"value": f'{{"v":1,"r":{release.id}}}'}]}
    opened = await show.open_package(desk, Incoming(payload=details, surface="modal", person="U0ANN", name=""))
    assert isinstance(opened, Open)
    assert isinstance(await show.turn_page(desk, click(opened.view, PAGE)), Change)

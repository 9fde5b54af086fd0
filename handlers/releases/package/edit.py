"""Editing what a release contains: add, change, remove, copy from another release."""

from handlers.dispatch.answers import Answer, Change, Choices, form
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import Carried, new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, options, view
from handlers.releases.package.show import read_package
from messages.releases.package import forms
from messages.releases.package.show import ADD, CHANGE, COPY, REMOVE, package_view
from models.packages.records import PackageRecord
from models.packages.tree import TOP, Node
from models.releases.package import edit, queries
from models.releases.package.copy_package import copy_package
from models.releases.package.edit_session import EditedPackage, PackageEdit
from models.releases.package.forms import NodeForm
from models.releases.request.records import EditCost


@action(ADD)
async def ask_what_to_add(desk: Desk, incoming: Incoming) -> Answer:
    found, cost = await _editable(desk, incoming, incoming.value)
    return form(incoming, forms.add_form(found, {}, new_nonce(), cost))


@action(forms.WHAT)
async def choose_kind(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for what the chosen kind of entry needs; what is entered stays."""
    found, cost = await _editable(desk, incoming, incoming.metadata)
    return Change(forms.add_form(found, {**incoming.fields, "what": incoming.choice}, incoming.nonce, cost))


@view(forms.ADD_FORM)
async def add(desk: Desk, incoming: Incoming) -> Answer:
    editing, node = _editing(incoming), _node_entered(incoming)
    edited = await edit.add_node(desk.work, incoming.actor, editing, node)
    return await _edited(desk, incoming, edited)


@action(CHANGE)
async def ask_which_to_change(desk: Desk, incoming: Incoming) -> Answer:
    return form(incoming, forms.choose_form((await _editable(desk, incoming, incoming.value))[0], remove=False))


@view(forms.CHOOSE_FORM)
async def ask_what_to_change(desk: Desk, incoming: Incoming) -> Answer:
    found, cost = await _editable(desk, incoming, incoming.metadata)
    return Change(forms.change_form(found, _chosen_node(found, incoming), new_nonce(), cost))


@view(forms.CHANGE_FORM)
async def change(desk: Desk, incoming: Incoming) -> Answer:
    editing, ref, node = _editing(incoming), str(incoming.metadata["k"]), _node_entered(incoming)
    edited = await edit.change_node(desk.work, incoming.actor, editing, ref, node)
    return await _edited(desk, incoming, edited)


@action(REMOVE)
async def ask_which_to_remove(desk: Desk, incoming: Incoming) -> Answer:
    return form(incoming, forms.choose_form((await _editable(desk, incoming, incoming.value))[0], remove=True))


@view(forms.REMOVE_CHOICE)
async def ask_whether_to_remove(desk: Desk, incoming: Incoming) -> Answer:
    """Ask once more, saying what goes with it."""
    found, cost = await _editable(desk, incoming, incoming.metadata)
    return Change(forms.remove_form(found, _chosen_node(found, incoming), new_nonce(), cost))


@view(forms.REMOVE_FORM)
async def remove(desk: Desk, incoming: Incoming) -> Answer:
    editing, ref = _editing(incoming), str(incoming.metadata["k"])
    edited = await edit.remove_node(desk.work, incoming.actor, editing, ref)
    return await _edited(desk, incoming, edited)


@action(COPY)
async def ask_what_to_copy(desk: Desk, incoming: Incoming) -> Answer:
    found, cost = await _editable(desk, incoming, incoming.value)
    return form(incoming, forms.copy_form(found, new_nonce(), cost))


@view(forms.COPY_FORM)
async def copy(desk: Desk, incoming: Incoming) -> Answer:
    source = int(incoming.fields.choice("source"))
    edited = await copy_package(desk.work, incoming.actor, _editing(incoming), source)
    return await _edited(desk, incoming, edited)


@options(forms.ITEM_SEARCH)
async def find_item(desk: Desk, incoming: Incoming) -> Answer:
    """The items of the release's service that match what is typed."""
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        items = await queries.items_of_service(snapshot.session, catalog, int(incoming.metadata["r"]))
    return Choices(forms.item_options(items, incoming.text))


@options(forms.NODE_SEARCH)
async def find_in_package(desk: Desk, incoming: Incoming) -> Answer:
    found = await read_package(desk, int(incoming.metadata["r"]))
    return Choices(forms.node_options(found.nodes, incoming.text))


@options(forms.SOURCE_SEARCH)
async def find_source(desk: Desk, incoming: Incoming) -> Answer:
    """The releases that match what is typed and have something to copy."""
    async with desk.work.reading() as snapshot:
        sources = await queries.releases_to_copy_from(snapshot.session, int(incoming.metadata["r"]), incoming.text)
    return Choices(forms.source_options(sources))


async def _editable(desk: Desk, incoming: Incoming, about: Carried) -> tuple[PackageRecord, EditCost]:
    """The package and what an edit costs, for somebody who may edit it: nobody fills in a form in vain."""
    release_id = int(about["r"])
    cost = await edit.check_may_edit_package(desk.work, incoming.actor, release_id)
    return await read_package(desk, release_id), cost


def _chosen_node(found: PackageRecord, incoming: Incoming) -> Node:
    return edit.find_node(found.nodes, incoming.fields.choice("node"))


async def _edited(desk: Desk, incoming: Incoming, edited: EditedPackage) -> Answer:
    """The package after the edit."""
    return Change(package_view(await read_package(desk, int(incoming.metadata["r"])), edited=edited))


def _editing(incoming: Incoming) -> PackageEdit:
    about = incoming.metadata
    return PackageEdit(int(about["r"]), int(about["n"]), incoming.nonce)


def _node_entered(incoming: Incoming) -> NodeForm:
    fields = incoming.fields
    parent = fields.text("parent")
    return NodeForm(
        what=fields.text("what") or str(incoming.metadata["w"]),
        parent=TOP if parent == forms.RELEASE_ITSELF else parent,
        item=fields.text("item"),
        key=fields.text("key"),
        kind=fields.text("kind"),
        version=fields.text("version"),
        link=fields.text("link"),
    )

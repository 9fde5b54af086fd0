"""What a release contains: shown as a tree, and edited in modals."""

from handlers.dispatch.answers import Answer, Change, Choices, Open, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, all_written, new_nonce
from handlers.dispatch.registry import Registry
from messages.releases.package import forms
from messages.releases.package.tree import (
    ADD,
    CHANGE,
    COPY,
    OPEN_PACKAGE,
    PAGE,
    PAGE_BACK,
    REMOVE,
    package_shown,
    package_view,
)
from models.catalog.document import Catalog
from models.errors import Invalid
from models.lifecycle.identifiers import find_release, load_release
from models.packages.records import PackageRecord
from models.packages.tree import TOP
from models.releases.package import queries
from models.releases.package.copying import copy_package
from models.releases.package.edit import add_node, change_node, check_may_edit_package, find_node, remove_node
from models.releases.package.edit_session import EditedPackage, PackageEdit
from models.releases.package.forms import NodeForm


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "package", "ID", help="show and edit what a release contains")(show_package)
    registry.action(OPEN_PACKAGE)(open_package)
    registry.action(PAGE)(turn_page)
    registry.action(PAGE_BACK)(turn_page)
    registry.action(ADD)(open_add)
    registry.action(forms.WHAT)(choose_what)
    registry.view(forms.ADD_FORM)(submit_add)
    registry.action(CHANGE)(choose_to_change)
    registry.view(forms.CHOOSE_FORM)(open_change)
    registry.view(forms.CHANGE_FORM)(submit_change)
    registry.action(REMOVE)(choose_to_remove)
    registry.view(forms.REMOVE_CHOICE)(ask_to_remove)
    registry.view(forms.REMOVE_FORM)(submit_remove)
    registry.action(COPY)(open_copy)
    registry.view(forms.COPY_FORM)(submit_copy)
    registry.option(forms.ITEM_SEARCH)(find_item)
    registry.option(forms.NODE_SEARCH)(find_in_package)
    registry.option(forms.SOURCE_SEARCH)(find_source)


async def show_package(desk: Desk, incoming: Incoming) -> Answer:
    """What the release that was typed contains."""
    async with desk.work.database.reading() as session:
        release, _ = await find_release(session, incoming.text)
    return Tell(package_shown(await _package(desk, release.id)))


async def open_package(desk: Desk, incoming: Incoming) -> Answer:
    """What a release contains, from its card or on top of its details."""
    return Open(package_view(await _package(desk, int(incoming.value["r"]))))


async def turn_page(desk: Desk, incoming: Incoming) -> Answer:
    """Earlier or later entries, in the place of these."""
    found = await _package(desk, int(incoming.value["r"]))
    page = int(incoming.value["p"])
    return Change(package_view(found, page)) if incoming.surface == "modal" else Replace(package_shown(found, page))


async def open_add(desk: Desk, incoming: Incoming) -> Answer:
    """Ask what to add, if the person may."""
    found = await _editable(desk, incoming)
    return _form(incoming, forms.add_form(found, {}, new_nonce()))


async def choose_what(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for what the chosen kind of entry needs; what is typed stays."""
    found = await _package(desk, int(incoming.metadata["r"]))
    chosen = str((incoming.action.get("selected_option") or {}).get("value") or "")
    entered = {**incoming.fields, "what": chosen}
    return Change(forms.add_form(found, entered, str(incoming.metadata["f"])))


async def submit_add(desk: Desk, incoming: Incoming) -> Answer:
    """Add it, and show the package with it."""
    form = _entered(incoming)
    edited = await add_node(desk.work, desk.catalogs, incoming.actor, _editing(incoming), form)
    return await _shown(desk, incoming, edited)


async def choose_to_change(desk: Desk, incoming: Incoming) -> Answer:
    """Ask which entry to change, if the person may."""
    return _form(incoming, forms.choose_form(await _editable(desk, incoming), remove=False))


async def open_change(desk: Desk, incoming: Incoming) -> Answer:
    """The chosen entry in its form."""
    found = await _package(desk, int(incoming.metadata["r"]))
    node = find_node(found.nodes, _chosen(incoming, "node"))
    return Change(forms.change_form(found, node, new_nonce()))


async def submit_change(desk: Desk, incoming: Incoming) -> Answer:
    """Save it, and show the package with it."""
    ref, form = str(incoming.metadata["k"]), _entered(incoming)
    edited = await change_node(desk.work, desk.catalogs, incoming.actor, _editing(incoming), ref, form)
    return await _shown(desk, incoming, edited)


async def choose_to_remove(desk: Desk, incoming: Incoming) -> Answer:
    """Ask which entry to remove, if the person may."""
    return _form(incoming, forms.choose_form(await _editable(desk, incoming), remove=True))


async def ask_to_remove(desk: Desk, incoming: Incoming) -> Answer:
    """Ask once more, saying what goes with it."""
    found = await _package(desk, int(incoming.metadata["r"]))
    node = find_node(found.nodes, _chosen(incoming, "node"))
    return Change(forms.remove_form(found, node, new_nonce()))


async def submit_remove(desk: Desk, incoming: Incoming) -> Answer:
    """Remove it, and show the package without it."""
    ref = str(incoming.metadata["k"])
    edited = await remove_node(desk.work, desk.catalogs, incoming.actor, _editing(incoming), ref)
    return await _shown(desk, incoming, edited)


async def open_copy(desk: Desk, incoming: Incoming) -> Answer:
    """Ask which release to copy from, if the person may."""
    return _form(incoming, forms.copy_form(await _editable(desk, incoming), new_nonce()))


async def submit_copy(desk: Desk, incoming: Incoming) -> Answer:
    """Copy, and show the package with what came."""
    source = int(_chosen(incoming, "source"))
    edited = await copy_package(desk.work, desk.catalogs, incoming.actor, _editing(incoming), source)
    return await _shown(desk, incoming, edited)


async def find_item(desk: Desk, incoming: Incoming) -> Answer:
    """The catalog's items of the release's service that match what is typed."""
    async with desk.work.database.reading() as session:
        release = await load_release(session, int(incoming.metadata["r"]))
        service = (await desk.catalogs.current(session)).by_key.get(release.service)
    return Choices(forms.item_options(service.configuration_items if service else (), incoming.text))


async def find_in_package(desk: Desk, incoming: Incoming) -> Answer:
    """The entries of the package that match what is typed."""
    found = await _package(desk, int(incoming.metadata["r"]))
    return Choices(forms.node_options(found.nodes, incoming.text))


async def find_source(desk: Desk, incoming: Incoming) -> Answer:
    """The releases that match what is typed and have something to copy."""
    async with desk.work.database.reading() as session:
        sources = await queries.sources_like(session, int(incoming.metadata["r"]), incoming.text)
    return Choices(forms.source_options(sources))


async def _package(desk: Desk, release_id: int) -> PackageRecord:
    async with desk.work.database.reading() as session:
        catalog: Catalog = await desk.catalogs.current(session)
        return await queries.package(session, catalog, release_id)


async def _editable(desk: Desk, incoming: Incoming) -> PackageRecord:
    """The package, for somebody who may edit it: nobody fills in a form in vain."""
    release_id = int(incoming.value["r"])
    await check_may_edit_package(desk.work, desk.catalogs, incoming.actor, release_id)
    return await _package(desk, release_id)


def _form(incoming: Incoming, view: dict[str, object]) -> Answer:
    """A form: in the modal that shows the package it takes its place, so that modals do not pile up."""
    return Change(view) if incoming.surface == "modal" else Open(view)


async def _shown(desk: Desk, incoming: Incoming, edited: EditedPackage) -> Answer:
    found = await _package(desk, int(incoming.metadata["r"]))
    return Change(package_view(found, edited=edited))


def _editing(incoming: Incoming) -> PackageEdit:
    about = incoming.metadata
    return PackageEdit(int(about["r"]), int(about["n"]), str(about["f"]))


def _entered(incoming: Incoming) -> NodeForm:
    entered = all_written(incoming.fields)
    parent = entered.get("parent", "")
    return NodeForm(
        what=entered.get("what") or str(incoming.metadata["w"]),
        parent=TOP if parent == forms.RELEASE_ITSELF else parent,
        item=entered.get("item", ""),
        key=entered.get("key", ""),
        kind=entered.get("kind", ""),
        version=entered.get("version", ""),
        link=entered.get("link", ""),
    )


def _chosen(incoming: Incoming, field: str) -> str:
    chosen = str(incoming.fields.get(field) or "")
    if not chosen:
        raise Invalid({field: "Choose one."})
    return chosen

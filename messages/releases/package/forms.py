"""The modals in which a package is edited. Each says what saving it costs."""

from collections.abc import Iterable, Sequence
from typing import Any

from messages.kit import sizes, slack_limits
from messages.kit.blocks import Block, Element, View, modal, option, section
from messages.kit.inputs import Entered, input_block, search_select, select, text_input
from messages.kit.text import cut, say
from messages.releases.request.edit_cost import cost_blocks
from models.catalog.document import ConfigurationItem
from models.lifecycle.release_choices import ReleaseChoice
from models.limits import LINK_LIMIT, NAME_LIMIT, VERSION_LIMIT
from models.packages.records import PackageRecord
from models.packages.tree import CONTAINERS, ITEM_KINDS, TOP, Node, NodeType, containers, subtree
from models.releases.request.records import EditCost

ADD_FORM = "package:add_form"

CHANGE_FORM = "package:change_form"

CHOOSE_FORM = "package:choose_form"

REMOVE_CHOICE = "package:remove_choice"

REMOVE_FORM = "package:remove_form"

COPY_FORM = "package:copy_form"

WHAT = "package:what"

ITEM_SEARCH = "package:item_search"

NODE_SEARCH = "package:node_search"

SOURCE_SEARCH = "package:source_search"

RELEASE_ITSELF = "-"
"""What the menu of places calls the release itself; an option has to have a value."""


def add_form(found: PackageRecord, entered: Entered, nonce: str, cost: EditCost | None = None) -> View:
    """*Add to the package*; its fields depend on what is added. ``nonce`` makes submitting it twice harmless."""
    what = str(entered.get("what") or NodeType.ITEM)
    kinds = [option(one.words.capitalize(), one.value) for one in NodeType]
    menu = input_block("what", "What", select(WHAT, kinds, what, "Choose what it is"), dispatch=True)
    blocks = [*cost_blocks(cost), menu, _part_of(found, entered, ""), *_inputs(what, entered, new=True)]
    return modal(ADD_FORM, "Add to the package", blocks, submit="Add", metadata=_metadata(found, f=nonce, w=what))


def change_form(found: PackageRecord, node: Node, nonce: str, cost: EditCost | None = None) -> View:
    """*Change* a node of the package."""
    entered = {name: getattr(node, name) for name in ("parent", "key", "kind", "version", "link")}
    intro = section(say("package.change_intro", node=node.words, identifier=found.identifier))
    inputs = _inputs(node.what, entered, new=False)
    blocks = [intro, *cost_blocks(cost), _part_of(found, entered, node.ref), *inputs]
    metadata = _metadata(found, f=nonce, w=node.what, k=node.ref)
    return modal(CHANGE_FORM, "Change", blocks, submit="Save", metadata=metadata)


def choose_form(found: PackageRecord, *, remove: bool) -> View:
    """Ask which node to change or to remove."""
    callback, title = (REMOVE_CHOICE, "Remove") if remove else (CHOOSE_FORM, "Change")
    menu = search_select(NODE_SEARCH, "Type a part of its name, key or version")
    block = input_block("node", f"What of {cut(found.identifier, 60)}", menu)
    return modal(callback, title, [block], submit="Next", metadata=_metadata(found))


def remove_form(found: PackageRecord, node: Node, nonce: str, cost: EditCost | None = None) -> View:
    """Ask once more, naming what is removed with it."""
    inside = [one.words for one in subtree(found.nodes, node.ref)[1:]]
    text = say(
        "package.remove",
        identifier=found.identifier,
        node=node.words,
        inside=inside[: sizes.REMOVED_NODES],
        more=len(inside) - sizes.REMOVED_NODES,
    )
    metadata = _metadata(found, f=nonce, k=node.ref)
    blocks = [section(text), *cost_blocks(cost)]
    return modal(REMOVE_FORM, "Remove", blocks, submit="Remove", close="Keep it", metadata=metadata)


def copy_form(found: PackageRecord, nonce: str, cost: EditCost | None = None) -> View:
    """Ask which release to copy from."""
    menu = search_select(SOURCE_SEARCH, "Type a part of its identifier or title")
    hint = (
        "Packages, units and configuration items are added as they are there; items that are here already stay, "
        "and authorised changes are not copied."
    )
    block = input_block("source", "Release of the same service", menu, hint=hint)
    blocks = [*cost_blocks(cost), block]
    return modal(COPY_FORM, "Copy from", blocks, submit="Copy", metadata=_metadata(found, f=nonce))


def item_options(known: Iterable[ConfigurationItem], typed: str) -> list[Element]:
    """The catalog's items whose key or name contains ``typed``, with their present version."""
    wanted = typed.casefold()
    found = [one for one in known if wanted in one.key.casefold() or wanted in one.name.casefold()]
    return [
        option(f"{one.key} {one.version}", one.key, f"{one.name}, {one.kind}")
        for one in found[: slack_limits.MENU_OPTIONS]
    ]


def node_options(nodes: Sequence[Node], typed: str) -> list[Element]:
    """The nodes whose words or name contain ``typed``."""
    wanted = typed.casefold()
    found = [one for one in nodes if wanted in f"{one.words} {one.name}".casefold()]
    return [option(one.words, one.ref, one.name or None) for one in found[: slack_limits.MENU_OPTIONS]]


def source_options(sources: Iterable[ReleaseChoice]) -> list[Element]:
    """The releases to copy from."""
    return [option(f"{one.identifier} {one.title}", str(one.id)) for one in sources]


def _metadata(found: PackageRecord, **more: Any) -> dict[str, Any]:
    return {"r": found.release_id, "n": found.round, **more}


def _part_of(found: PackageRecord, entered: Entered, ref: str) -> Block:
    """The release itself, or any package or unit but the node ``ref`` and what is in it."""
    own = {node.ref for node in subtree(found.nodes, ref)} if ref else set()
    places = [option(found.identifier, RELEASE_ITSELF, "the release itself")]
    for placed in containers(found.nodes):
        if placed.node.ref not in own:
            indent = "\u2003" * placed.depth
            places.append(option(f"{indent}{placed.node.words}", placed.node.ref))
    chosen = str(entered.get("parent") or TOP) or RELEASE_ITSELF
    if chosen not in {one["value"] for one in places}:
        chosen = RELEASE_ITSELF
    return input_block("parent", "Part of", select("value", places, chosen, "Choose what it is part of"))


def _inputs(what: str, entered: Entered, *, new: bool) -> list[Block]:
    link = input_block("link", "Link", _typed(entered, "link", LINK_LIMIT), optional=True)
    if what == NodeType.CHANGE:
        hint = "As change management gave it, such as CHG0000132."
        return [input_block("key", "Change id", _typed(entered, "key", NAME_LIMIT), hint=hint), link]
    if what in CONTAINERS:
        name = input_block("key", "Name", _typed(entered, "key", NAME_LIMIT))
        return [name, _version(entered, optional=True), link]
    return [*_item_inputs(entered, new=new), link]


def _item_inputs(entered: Entered, *, new: bool) -> list[Block]:
    """An item of the catalog is chosen with its present version; any other is typed."""
    kinds = [option(kind, kind) for kind in ITEM_KINDS]
    typed = _typed(entered, "key", NAME_LIMIT)
    blocks: list[Block] = []
    if new:
        menu = search_select(ITEM_SEARCH, "Type a part of its key or name")
        hint = "Shown with its version now; say below which one the release brings."
        blocks.append(input_block("item", "Configuration item of the catalog", menu, optional=True, hint=hint))
        blocks.append(input_block("key", "Or the key of another", typed, optional=True))
    else:
        blocks.append(input_block("key", "Key", typed))
    kind = select("value", kinds, str(entered.get("kind") or ""), "Choose a kind")
    hint = "Needed for an item that is not in the catalog."
    blocks.append(input_block("kind", "Kind", kind, optional=True, hint=hint))
    return [*blocks, _version(entered)]


def _version(entered: Entered, *, optional: bool = False) -> Block:
    return input_block("version", "Version", _typed(entered, "version", VERSION_LIMIT), optional=optional)


def _typed(entered: Entered, name: str, limit: int) -> Element:
    return text_input(initial=cut(str(entered.get(name) or ""), limit), max_length=limit)

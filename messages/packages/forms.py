"""The modals in which what a release contains is edited."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from messages.kit.blocks import (
    SELECT_LIMIT,
    Block,
    Element,
    input_block,
    modal,
    option,
    plain_text,
    section,
    select,
    text_input,
)
from messages.kit.text import cut, say
from models.catalog.document import ConfigurationItem
from models.lifecycle.release_choices import ReleaseChoice
from models.limits import LINK_LIMIT, NAME_LIMIT, VERSION_LIMIT
from models.packages.records import PackageRecord
from models.packages.tree import CONTAINERS, ITEM_KINDS, TOP, Node, NodeType, containers, subtree

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

INSIDE_SHOWN = 10

Entered = Mapping[str, Any]


def add_form(found: PackageRecord, entered: Entered, nonce: str) -> dict[str, Any]:
    """*Add to the package*: what is asked depends on what it is."""
    what = str(entered.get("what") or NodeType.ITEM)
    kinds = [option(one.words.capitalize(), one.value) for one in NodeType]
    asked = input_block("what", "What", select(WHAT, kinds, what, "Choose what it is"), dispatch=True)
    blocks = [asked, _part_of(found, entered, ""), *_inputs(what, entered, new=True)]
    return modal(ADD_FORM, "Add to the package", blocks, submit="Add", metadata=_metadata(found, f=nonce, w=what))


def change_form(found: PackageRecord, node: Node, nonce: str) -> dict[str, Any]:
    """The same for a node that is there."""
    entered = {name: getattr(node, name) for name in ("parent", "key", "kind", "version", "link")}
    intro = section(say("package_change_intro", node=node.words, identifier=found.identifier))
    blocks = [intro, _part_of(found, entered, node.ref), *_inputs(node.what, entered, new=False)]
    metadata = _metadata(found, f=nonce, w=node.what, k=node.ref)
    return modal(CHANGE_FORM, "Change", blocks, submit="Save", metadata=metadata)


def choose_form(found: PackageRecord, *, remove: bool) -> dict[str, Any]:
    """Ask which node to change or to remove."""
    callback, title = (REMOVE_CHOICE, "Remove") if remove else (CHOOSE_FORM, "Change")
    menu = _search(NODE_SEARCH, "Type a part of its name, key or version")
    block = input_block("node", f"What of {cut(found.identifier, 60)}", menu)
    return modal(callback, title, [block], submit="Next", metadata=_metadata(found))


def remove_form(found: PackageRecord, node: Node, nonce: str) -> dict[str, Any]:
    """Ask once more, naming what goes with it."""
    inside = [one.words for one in subtree(found.nodes, node.ref)[1:]]
    text = say(
        "package_remove",
        identifier=found.identifier,
        node=node.words,
        inside=inside[:INSIDE_SHOWN],
        more=len(inside) - INSIDE_SHOWN,
    )
    metadata = _metadata(found, f=nonce, k=node.ref)
    return modal(REMOVE_FORM, "Remove", [section(text)], submit="Remove", close="Keep it", metadata=metadata)


def copy_form(found: PackageRecord, nonce: str) -> dict[str, Any]:
    """Ask which release to copy from."""
    menu = _search(SOURCE_SEARCH, "Type a part of its identifier or title")
    hint = (
        "Packages, units and configuration items are added as they are there; items that are here already stay, "
        "and authorised changes are not copied."
    )
    block = input_block("source", "Release of the same service", menu, hint=hint)
    return modal(COPY_FORM, "Copy from", [block], submit="Copy", metadata=_metadata(found, f=nonce))


def item_options(known: Iterable[ConfigurationItem], typed: str) -> list[Element]:
    """The catalog's items whose key or name holds what was typed, with their present version."""
    wanted = typed.casefold()
    found = [one for one in known if wanted in one.key.casefold() or wanted in one.name.casefold()]
    return [
        option(cut(f"{one.key} {one.version}", 75), one.key, f"{one.name}, {one.kind}")
        for one in found[:SELECT_LIMIT]
    ]


def node_options(nodes: Sequence[Node], typed: str) -> list[Element]:
    """The nodes whose words or name hold what was typed."""
    wanted = typed.casefold()
    found = [one for one in nodes if wanted in f"{one.words} {one.name}".casefold()]
    return [option(cut(one.words, 75), one.ref, one.name or None) for one in found[:SELECT_LIMIT]]


def source_options(sources: Iterable[ReleaseChoice]) -> list[Element]:
    """Releases to copy from."""
    return [option(cut(f"{one.identifier} {one.title}", 75), str(one.id)) for one in sources]


def _metadata(found: PackageRecord, **more: Any) -> dict[str, Any]:
    return {"r": found.release_id, "n": found.round, **more}


def _part_of(found: PackageRecord, entered: Entered, ref: str) -> Block:
    """Where it stands: the release itself, or a package or unit that it is not itself nor holds."""
    own = {node.ref for node in subtree(found.nodes, ref)} if ref else set()
    places = [option(cut(found.identifier, 75), RELEASE_ITSELF, "the release itself")]
    for placed in containers(found.nodes):
        if placed.node.ref not in own:
            indent = "\u2003" * placed.depth
            places.append(option(cut(f"{indent}{placed.node.words}", 75), placed.node.ref))
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
        menu = _search(ITEM_SEARCH, "Type a part of its key or name")
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


def _search(action_id: str, placeholder: str) -> Element:
    return {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": plain_text(placeholder, 150),
    }

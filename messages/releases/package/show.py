"""The package of a release: a tree of nested lists, a page at a time."""

from collections.abc import Sequence

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, View, actions, button, context, modal, section, value
from messages.kit.text import Markup, counted, cut, say
from messages.releases.package.summary import KEY_SHOWN, summary_lines
from models.packages.records import PackageRecord
from models.packages.tree import Node, NodeType, Placed
from models.releases.package.edit_session import EditedPackage

OPEN_PACKAGE = "package:open"

ADD = "package:add"

CHANGE = "package:change"

REMOVE = "package:remove"

COPY = "package:copy"

PAGE = "package:page"

PAGE_BACK = "package:page_back"

PATH_SHOWN = 40
"""Characters of each name in the path where a page goes on."""


def package_shown(found: PackageRecord, page: int = 0) -> Message:
    """One page; a page beyond the end is the last one."""
    return Message(text=headline(found), blocks=_blocks(found, page))


def package_view(found: PackageRecord, page: int = 0, edited: EditedPackage | None = None) -> View:
    """The same in a modal, with what has just been ``edited``."""
    blocks = _blocks(found, page)
    if edited and edited.title:
        blocks.insert(0, section(say("package.edited", edited=edited)))
    return modal("package:view", "Package", blocks, close="Close", metadata={"r": found.release_id})


def headline(found: PackageRecord) -> Markup:
    """``PAY-9 Payments: 2 units, 5 configuration items.``"""
    count = {what: sum(node.what == what for node in found.nodes) for what in NodeType}
    contents = [
        counted(number, word)
        for number, word in (
            (count[NodeType.PACKAGE], "package"),
            (count[NodeType.UNIT], "unit"),
            (count[NodeType.ITEM], "configuration item"),
            (count[NodeType.CHANGE], "change"),
        )
        if number
    ]
    return say("package.heading", found=found, contents=contents, empty=not count[NodeType.ITEM])


def pages(placed: Sequence[Placed]) -> list[list[tuple[Placed, Element]]]:
    """The nodes with their lines, divided into pages that Slack takes."""
    found: list[list[tuple[Placed, Element]]] = []
    room = 0
    for one in placed:
        line = _node_line(one.node)
        length = sum(len(part.get("text", "")) + len(part.get("url", "")) for part in line["elements"])
        if not found or len(found[-1]) == sizes.PACKAGE_PAGE or length > room:
            found.append([])
            room = sizes.PACKAGE_PAGE_CHARACTERS
        found[-1].append((one, line))
        room -= length
    return found


def _blocks(found: PackageRecord, page: int) -> list[Block]:
    blocks: list[Block] = [section(headline(found))]
    summary = summary_lines(found.summary, sizes.PACKAGE_WARNINGS)
    if summary:
        blocks.append(rich.rich_text(*summary, block_id="summary"))
    divided = pages(found.placed)
    page = max(0, min(page, len(divided) - 1))
    if divided:
        blocks += _goes_on_in(found.placed, divided[page][0][0])
        blocks.append(rich.rich_text(*_tree(divided[page]), block_id="tree"))
    if found.editable:
        blocks.append(actions("edit", *_verbs(found)))
    if len(divided) > 1:
        before = sum(len(one) for one in divided[:page])
        blocks.append(context(f"{before + 1} to {before + len(divided[page])} of {len(found.placed)}"))
        blocks.append(actions("pages", *_turning(found, page, len(divided))))
    return blocks


def _goes_on_in(placed: Sequence[Placed], first: Placed) -> list[Block]:
    """``in Payments 9.2 / Settlement``: what the ``first`` node is part of, when an earlier page shows that."""
    by_ref = {one.node.ref: one.node for one in placed}
    path: list[str] = []
    parent = by_ref.get(first.node.parent)
    while first.depth and parent is not None:
        path.insert(0, cut(f"{parent.key} {parent.version}".strip(), PATH_SHOWN))
        parent = by_ref.get(parent.parent)
    return [context(f"in {' / '.join(path)}")] if path else []


def _tree(lines: Sequence[tuple[Placed, Element]]) -> list[Element]:
    """One list for each run of nodes on one level; Slack nests lists by their indent."""
    lists: list[Element] = []
    depth = -1
    for placed, line in lines:
        if placed.depth != depth:
            depth = placed.depth
            lists.append({**rich.bullets(), "indent": depth})
        lists[-1]["elements"].append(line)
    return lists


def _verbs(found: PackageRecord) -> list[Element]:
    data = value(r=found.release_id)
    return [
        button("Add", ADD, data, "primary"),
        button("Change", CHANGE, data),
        button("Remove", REMOVE, data),
        button("Copy from", COPY, data),
    ]


def _node_line(node: Node) -> Element:
    elements: list[Element | str]
    if node.what == NodeType.CHANGE:
        elements = [rich.words(node.key, code=True), " - authorised change"]
    elif node.what == NodeType.ITEM:
        elements = [rich.words(cut(node.key, KEY_SHOWN), code=True), " ", rich.words(node.version, bold=True)]
        elements.append(f" - {cut(node.name, KEY_SHOWN)}, {node.kind}" if node.name else f" - {node.kind}")
    else:
        called = f"{cut(node.key, KEY_SHOWN)} {node.version}".strip()
        elements = [rich.words(called, bold=True), f" - {node.what}"]
    if node.link:
        elements += [" - ", rich.link(node.link, cut(node.link.partition("://")[2], 40))]
    return rich.line(*elements)


def _turning(found: PackageRecord, page: int, count: int) -> list[Element | None]:
    earlier = button("Earlier", PAGE_BACK, value(r=found.release_id, p=page - 1)) if page else None
    later = button("Later", PAGE, value(r=found.release_id, p=page + 1)) if page + 1 < count else None
    return [earlier, later]

"""Pieces of a package that several surfaces show in the same words."""

from messages.kit import rich
from messages.kit.blocks import Element
from messages.kit.text import counted, cut
from models.packages.difference import Difference
from models.packages.records import PackageSummary
from models.packages.tree import Node, NodeType

SHOWN = 4
"""Configuration items and warnings that the card names; *Details* has the rest."""

DETAILED = 50
"""How many of them *Details* names."""

KEY_SHOWN = 60


def summary_lines(summary: PackageSummary, shown: int = SHOWN) -> list[Element]:
    """What is different since the last release, and what does not fit together, each as a line."""
    lines = [rich.line(*since_line(summary.since, shown))] if summary.since else []
    lines += [rich.line(rich.emoji("warning"), " ", cut(one.sentence, 300)) for one in summary.incompatible[:shown]]
    more = len(summary.incompatible) - shown
    if more > 0:
        lines.append(rich.line(rich.emoji("warning"), f" {counted(more, 'more version')} that do not fit"))
    return lines


def details_lines(summary: PackageSummary) -> list[Element]:
    """Every configuration item that is different, and everything that does not fit, as far as a modal takes it."""
    parts: list[Element] = []
    changed = item_changes(summary.since) if summary.since else []
    wrong = [one.sentence for one in summary.incompatible]
    for heading, texts in (("Configuration items", changed), ("Does not fit together", wrong)):
        if texts:
            more = len(texts) - DETAILED
            lines = [rich.line(cut(text, 300)) for text in texts[:DETAILED]]
            lines += [rich.line(f"and {more} more")] if more > 0 else []
            parts += [rich.line(rich.words(heading, bold=True)), rich.bullets(*lines)]
    return parts


def since_line(found: Difference, shown: int = SHOWN) -> list[Element | str]:
    """``Since 9.1: 2 changes, 1 unit, pay-api 9.1.0 -> 9.2.0``."""
    facts = [counted(found.changes, "change")]
    if found.units:
        facts.append(counted(found.units, "unit"))
    items = item_changes(found)
    facts += items[:shown]
    if len(items) > shown:
        facts.append(f"and {len(items) - shown} more")
    return [rich.words(f"Since {found.since}: ", bold=True), ", ".join(facts)]


def item_changes(found: Difference) -> list[str]:
    """What became of each configuration item that is different, in words."""
    moved = [f"{cut(one.key, KEY_SHOWN)} {one.before} -> {one.after}" for one in found.moved]
    added = [f"{cut(key, KEY_SHOWN)} {version} added" for key, version in found.added]
    return moved + added + [f"without {cut(key, KEY_SHOWN)} {version}" for key, version in found.removed]


def node_line(node: Node) -> Element:
    """A node in the tree: what it is called, its version, what kind it is, and its link."""
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

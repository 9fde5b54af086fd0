"""What is different in a package since the last release, and what doesn't fit together."""

from messages.kit import rich, signs, sizes
from messages.kit.blocks import Element
from messages.kit.text import counted, cut
from models.packages.difference import Difference
from models.packages.records import PackageSummary

KEY_SHOWN = 60


def summary_lines(summary: PackageSummary, shown: int = sizes.CARD_ITEMS) -> list[Element]:
    """A line for what is different, and one for each version that doesn't fit, at most ``shown``."""
    lines = [rich.line(*since_line(summary.since, shown))] if summary.since else []
    lines += [
        rich.line(rich.emoji(signs.INCOMPATIBLE), " ", cut(one.sentence, 300))
        for one in summary.incompatible[:shown]
    ]
    more = len(summary.incompatible) - shown
    if more > 0:
        lines.append(rich.line(rich.emoji(signs.INCOMPATIBLE), f" {counted(more, 'more version')} that do not fit"))
    return lines


def details_lines(summary: PackageSummary) -> list[Element]:
    """The configuration items that are different, and everything that doesn't fit, for *Details*."""
    parts: list[Element] = []
    changed = item_changes(summary.since) if summary.since else []
    wrong = [one.sentence for one in summary.incompatible]
    for heading, texts in (("Configuration items", changed), ("Does not fit together", wrong)):
        if texts:
            more = len(texts) - sizes.DETAILS_ITEMS
            lines = [rich.line(cut(text, 300)) for text in texts[: sizes.DETAILS_ITEMS]]
            lines += [rich.line(f"and {more} more")] if more > 0 else []
            parts += [rich.line(rich.words(heading, bold=True)), rich.bullets(*lines)]
    return parts


def since_line(found: Difference, shown: int = sizes.CARD_ITEMS) -> list[Element | str]:
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
    """``pay-api 9.1.0 -> 9.2.0``, ``pay-web 1.0 added``, ``without pay-db 3.1``."""
    moved = [f"{cut(one.key, KEY_SHOWN)} {one.before} -> {one.after}" for one in found.moved]
    added = [f"{cut(key, KEY_SHOWN)} {version} added" for key, version in found.added]
    return moved + added + [f"without {cut(key, KEY_SHOWN)} {version}" for key, version in found.removed]

"""Overrides as lines of a card."""

from collections.abc import Sequence

from messages.kit import rich
from messages.kit.blocks import Element
from messages.kit.text import cut
from models.lifecycle.tables.clearance import EMERGENCY, GLASS, OVERRIDE
from models.releases.clearance.records import OverrideLine

_SAID = {
    OVERRIDE: "Overridden by",
    GLASS: "Glass broken to deploy by",
    EMERGENCY: "Overridden by the emergency's approval of",
}


def override_elements(lines: Sequence[OverrideLine], quoted: int) -> list[Element]:
    """Who opened what and why, even after it is over."""
    elements: list[Element] = []
    for one in lines:
        what = cut(" ".join(one.obstacles), 400)
        over = ", over by now" if one.over else ""
        elements.append(rich.line(rich.words(f"{_SAID[one.kind]} {one.person}", bold=True), f"{over}: {what}"))
        if one.kind != EMERGENCY:
            elements.append(rich.quote(one.reason, quoted))
    return elements


def passed_over_elements(passed: Sequence[str]) -> list[Element]:
    """What the approval of an emergency will override."""
    if not passed:
        return []
    line = rich.line(rich.words("Approving it overrides: ", bold=True), cut(" ".join(passed), 600))
    return [line]

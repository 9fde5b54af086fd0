"""What policy says: in the form while one types, on the card, and in the modal for waiving it."""

from collections.abc import Sequence
from typing import Any

from messages.kit import rich
from messages.kit.blocks import (
    SELECT_LIMIT,
    Block,
    Element,
    actions,
    button,
    input_block,
    modal,
    option,
    section,
    select,
    text_input,
    value,
)
from messages.kit.text import cut, say
from models.lifecycle.lifecycle import State
from models.releases.card.records import PolicyFinding, ReleaseCard
from models.releases.policy.proposals import Check
from models.releases.policy.rules.findings import EVERYTHING, Finding, Kind

WAIVE = "release:waive"

WAIVE_FORM = "release:waive_form"

SHOWN = 12
"""Findings that the form shows; hard ones come first."""

ON_CARD = 5
"""Findings that the card shows."""

_SIGNS = {Kind.HARD: "no_entry", Kind.SOFT: "warning", Kind.INFO: "information_source", Kind.OK: "white_check_mark"}

_WORDS = {Kind.HARD: "Not allowed", Kind.SOFT: "Needs a waiver", Kind.INFO: "", Kind.OK: ""}


def check_blocks(check: Check | None) -> list[Block]:
    """The result as a short list, and the next free windows; nothing before there is one.

    What is in order is named in one line: nobody has to do anything about it.
    """
    if check is None or not check.findings:
        return []
    said = [one for one in check.findings if one.kind != Kind.OK]
    parts = [rich.line(rich.words("Policy", bold=True), f" - {_verdict(check.findings)}")]
    parts += [_finding(one) for one in said[:SHOWN]]
    if len(said) > SHOWN:
        parts.append(rich.line(f"and {len(said) - SHOWN} more"))
    parts += _in_order(check.findings)
    if check.free:
        parts.append(rich.line(rich.words("Next free windows", bold=True), " - nothing stands against their time"))
        parts.append(rich.bullets(*[rich.line(free.words) for free in check.free]))
    return [rich.rich_text(*parts, block_id="policy")]


def _verdict(findings: Sequence[Finding]) -> str:
    worst = max(one.kind for one in findings)
    if worst == Kind.HARD:
        return "this cannot be requested like this"
    if worst == Kind.SOFT:
        return "this can be requested; an approver has to waive what is marked"
    return "nothing stands against it so far"


def _in_order(findings: Sequence[Finding]) -> list[Element]:
    rules = dict.fromkeys(one.rule for one in findings if one.kind == Kind.OK)
    if not rules:
        return []
    return [rich.line(rich.emoji(_SIGNS[Kind.OK]), " ", cut(f"In order: {', '.join(rules)}", 600))]


def _finding(one: Finding) -> Element:
    said: list[Element | str] = [rich.emoji(_SIGNS[one.kind]), " "]
    if _WORDS[one.kind]:
        said.append(rich.words(f"{_WORDS[one.kind]}: ", bold=True))
    return rich.line(*said, cut(one.sentence, 600))


def policy_lines(card: ReleaseCard) -> list[Element]:
    """What policy has against a release: what waits for a waiver first, then what was waived, by whom and why."""
    ordered = sorted(card.findings, key=lambda one: bool(one.waived_by))
    parts: list[Element] = []
    for one in ordered[:ON_CARD]:
        sign = "white_check_mark" if one.waived_by else "warning"
        said: list[Element | str] = [
            rich.words("Policy: ", bold=True),
            rich.emoji(sign),
            f" {cut(one.sentence, 400)} ",
        ]
        said.append(f"Waived by {one.waived_by}:" if one.waived_by else rich.words("Needs a waiver", bold=True))
        parts.append(rich.line(*said))
        if one.waived_by:
            parts.append(rich.quote(one.reason, 300))
    if len(ordered) > ON_CARD:
        parts.append(rich.line(f"and {len(ordered) - ON_CARD} more findings of policy"))
    return parts


def waive_row(card: ReleaseCard) -> list[Block]:
    """The button for whoever may waive, while something is left to waive."""
    if card.state != State.REQUESTED or all(one.waived_by for one in card.findings):
        return []
    return [actions("policy", button("Waive", WAIVE, value(r=card.id, n=card.round)))]


def waive_form(identifier: str, findings: Sequence[PolicyFinding], release_id: int, round_: int) -> dict[str, Any]:
    """Ask why it is waived; with several findings also which, all of them unless one is chosen."""
    blocks = [
        section(say("approval.waive_intro", identifier=identifier)),
        rich.rich_text(rich.bullets(*[rich.line(cut(one.sentence, 400)) for one in findings[:SHOWN]])),
    ]
    if len(findings) > 1:
        options = [option("All of them", str(EVERYTHING))]
        options += [option(one.sentence, str(one.id)) for one in findings[: SELECT_LIMIT - 1]]
        blocks.append(input_block("finding", "Finding", select("value", options, str(EVERYTHING))))
    blocks.append(input_block("reason", "Reason", text_input(multiline=True, max_length=3000)))
    return modal(WAIVE_FORM, "Waive", blocks, submit="Waive", metadata={"r": release_id, "n": round_})

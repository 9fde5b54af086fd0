"""The findings of policy: in the form while one types, and on the card."""

from collections.abc import Sequence

from messages.kit import rich, signs, sizes
from messages.kit.blocks import Block, Element
from messages.kit.text import cut
from models.releases.policy.free_windows import PolicyCheck
from models.releases.policy.records import PolicyFinding
from models.releases.policy.rules.findings import Finding, Weight

_WORDS = {Weight.HARD: "Not allowed", Weight.SOFT: "Needs a waiver", Weight.INFO: "", Weight.OK: ""}


def check_blocks(check: PolicyCheck | None) -> list[Block]:
    """The findings for a form, and the next free windows; nothing before there are any.

    Rules that are kept share one line, because nobody has to do anything about them.
    """
    if check is None or not check.findings:
        return []
    said = [one for one in check.findings if one.weight != Weight.OK]
    parts = [rich.line(rich.words("Policy", bold=True), f" - {_verdict(check.findings)}")]
    parts += [_finding(one) for one in said[: sizes.FORM_FINDINGS]]
    if len(said) > sizes.FORM_FINDINGS:
        parts.append(rich.line(f"and {len(said) - sizes.FORM_FINDINGS} more"))
    parts += _in_order(check.findings)
    if check.free:
        parts.append(rich.line(rich.words("Next free windows", bold=True), " - nothing stands against their time"))
        parts.append(rich.bullets(*[rich.line(free.words) for free in check.free]))
    return [rich.rich_text(*parts, block_id="policy")]


def _verdict(findings: Sequence[Finding]) -> str:
    worst = max(one.weight for one in findings)
    if worst == Weight.HARD:
        return "this cannot be requested like this"
    if worst == Weight.SOFT:
        return "this can be requested; an approver has to waive what is marked"
    return "nothing stands against it so far"


def _in_order(findings: Sequence[Finding]) -> list[Element]:
    rules = dict.fromkeys(one.rule for one in findings if one.weight == Weight.OK)
    if not rules:
        return []
    return [rich.line(rich.emoji(signs.FINDINGS[Weight.OK]), " ", cut(f"In order: {', '.join(rules)}", 600))]


def _finding(one: Finding) -> Element:
    said: list[Element | str] = [rich.emoji(signs.FINDINGS[one.weight]), " "]
    if _WORDS[one.weight]:
        said.append(rich.words(f"{_WORDS[one.weight]}: ", bold=True))
    return rich.line(*said, cut(one.sentence, 600))


def policy_lines(findings: Sequence[PolicyFinding]) -> list[Element]:
    """What policy has against a release: findings that need a waiver first, then the waived, by whom and why."""
    ordered = sorted(findings, key=lambda one: bool(one.waived_by))
    parts: list[Element] = []
    for one in ordered[: sizes.CARD_FINDINGS]:
        sign = signs.FINDING_WAIVED if one.waived_by else signs.FINDINGS[Weight.SOFT]
        said: list[Element | str] = [
            rich.words("Policy: ", bold=True),
            rich.emoji(sign),
            f" {cut(one.sentence, 400)} ",
        ]
        said.append(f"Waived by {one.waived_by}:" if one.waived_by else rich.words("Needs a waiver", bold=True))
        parts.append(rich.line(*said))
        if one.waived_by:
            parts.append(rich.quote(one.reason, 300))
    if len(ordered) > sizes.CARD_FINDINGS:
        parts.append(rich.line(f"and {len(ordered) - sizes.CARD_FINDINGS} more findings of policy"))
    return parts

"""The findings of policy: in the form while one types, and on the card."""

from collections.abc import Mapping, Sequence

from messages.kit import rich, signs, sizes
from messages.kit.blocks import Block, Element
from messages.kit.text import cut
from models.catalog.roles import role_word
from models.releases.policy.free_windows import PolicyCheck
from models.releases.policy.records import PolicyFinding
from models.releases.policy.rules.findings import Finding, Weight
from models.risk_levels import LOW
from models.text import listed

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
    if check.risk:
        parts += risk_lines(check.risk.level, check.risk.sentences, check.approvals)
    if check.free:
        parts.append(rich.line(rich.words("Next free windows", bold=True), " - nothing stands against their time"))
        parts.append(rich.bullets(*[rich.line(free.words) for free in check.free]))
    return [rich.rich_text(*parts, block_id="policy")]


def risk_lines(risk: str, factors: Sequence[str], approvals: Mapping[str, int] | None = None) -> list[Element]:
    """``Risk: high``, what decided it and what else raises it; ``approvals`` if it takes more than usual.

    ``factors`` begin with their level; the first one decided.
    """
    if not risk:
        return []
    raising = [one for one in factors if not one.startswith(f"{LOW}: ")]
    said: list[Element | str] = [rich.words("Risk: ", bold=True), rich.words(risk, bold=True)]
    if not raising:
        return [rich.line(*said, " - nothing raises it")]
    why = f" - {cut(_without_level(raising[0]), 300)}"
    if approvals:
        needed = listed(f"{count} {role_word(role)}" for role, count in approvals.items())
        why += f" It takes the approval of {needed}."
    said.append(why)
    others = [f"Also {cut(one, 300)}" for one in raising[1 : sizes.RISK_FACTORS]]
    return [rich.line(*said), *(rich.line(one) for one in others)]


def risk_details(risk: str, factors: Sequence[str]) -> list[Element]:
    """Everything that was looked at; the first one decided."""
    if not risk:
        return []
    heading = rich.line(rich.words(f"Risk: {risk}", bold=True), ", from the highest of these")
    return [heading, rich.bullets(*(rich.line(cut(one, 300)) for one in factors))] if factors else [heading]


def _without_level(sentence: str) -> str:
    return sentence.partition(": ")[2]


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
    if one.would is not None:
        said.append(f"Rule {one.rule}, on trial, would have stopped this: ")
    elif _WORDS[one.weight]:
        said.append(rich.words(f"{_WORDS[one.weight]}: ", bold=True))
    return rich.line(*said, cut(one.sentence, 600))


def policy_lines(findings: Sequence[PolicyFinding]) -> list[Element]:
    """What policy has against a release: what needs a waiver first, then the waived, by whom and why.

    Last come findings of rules on trial, which stop nobody.
    """
    ordered = sorted(findings, key=lambda one: (one.observed, bool(one.waived_by)))
    parts: list[Element] = []
    for one in ordered[: sizes.CARD_FINDINGS]:
        parts.append(_stored_finding(one))
        if one.waived_by:
            parts.append(rich.quote(one.reason, 300))
    if len(ordered) > sizes.CARD_FINDINGS:
        parts.append(rich.line(f"and {len(ordered) - sizes.CARD_FINDINGS} more findings of policy"))
    return parts


def _stored_finding(one: PolicyFinding) -> Element:
    policy, sentence = rich.words("Policy: ", bold=True), f" {cut(one.sentence, 400)} "
    if one.observed:
        on_trial = f"Rule {one.rule}, on trial, would have stopped this."
        return rich.line(policy, rich.emoji(signs.FINDINGS[Weight.INFO]), sentence, on_trial)
    if one.waived_by:
        return rich.line(policy, rich.emoji(signs.FINDING_WAIVED), sentence, f"Waived by {one.waived_by}:")
    needs = rich.words("Needs a waiver", bold=True)
    return rich.line(policy, rich.emoji(signs.FINDINGS[Weight.SOFT]), sentence, needs)

"""Waiving what a release has against its service's policy: the button and the modal."""

from collections.abc import Sequence

from messages.kit import rich, sizes, slack_limits
from messages.kit.blocks import Block, View, actions, button, modal, option, section, value
from messages.kit.inputs import input_block, select, text_area
from messages.kit.text import cut, say
from messages.releases.action_ids import WAIVE
from models.lifecycle.lifecycle import State
from models.releases.approval.records import FindingToWaive
from models.releases.policy.records import PolicyFinding
from models.releases.policy.rules.findings import ALL_FINDINGS

WAIVE_FORM = "release:waive_form"


def waive_row(release_id: int, round_: int, state: str, findings: Sequence[PolicyFinding]) -> list[Block]:
    """*Waive*, while a finding is left to waive."""
    if state != State.REQUESTED or not any(one.waits for one in findings):
        return []
    return [actions("policy", button("Waive", WAIVE, value(r=release_id, n=round_)))]


def waive_form(identifier: str, findings: Sequence[FindingToWaive], release_id: int, round_: int) -> View:
    """Ask why it is waived, and which of several findings: all of them unless one is chosen."""
    shown = [rich.line(cut(one.sentence, 400)) for one in findings[: sizes.FORM_FINDINGS]]
    blocks = [section(say("approval.waive_intro", identifier=identifier)), rich.rich_text(rich.bullets(*shown))]
    if len(findings) > 1:
        options = [option("All of them", str(ALL_FINDINGS))]
        options += [option(one.sentence, str(one.id)) for one in findings[: slack_limits.MENU_OPTIONS - 1]]
        blocks.append(input_block("finding", "Finding", select("value", options, str(ALL_FINDINGS))))
    blocks.append(input_block("reason", "Reason", text_area()))
    return modal(WAIVE_FORM, "Waive", blocks, submit="Waive", metadata={"r": release_id, "n": round_})

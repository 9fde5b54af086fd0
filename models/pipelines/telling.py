"""When a tool that waits is told something, and how long it is waited for: pure rules."""

from collections.abc import Mapping
from datetime import timedelta

from models.pipelines.decision import PipelineDecision
from models.pipelines.question import Tool

TOLD_ONLY_BY_CALLBACK = (Tool.GITHUB, Tool.AZURE, Tool.TERRAFORM)
"""They don't read the answer to their request."""

MOST_COMMENTS = 8
"""GitHub takes ten comments on a deployment, the decision among them."""

SIGN_OF_LIFE = timedelta(minutes=5)
"""Terraform takes a run task that is silent for ten minutes for failed."""

WAITS: Mapping[Tool, timedelta] = {
    Tool.GENERIC: timedelta(days=7),
    Tool.GITHUB: timedelta(days=29),
    Tool.AZURE: timedelta(hours=47),
    Tool.TERRAFORM: timedelta(minutes=55),
    Tool.FLAGGER: timedelta(days=7),
}
"""How long a question is looked at again: a little less than its tool waits (GitHub 30 days, Azure's key 48 hours,
Terraform an hour)."""


def is_final(decision: str) -> bool:
    return decision != PipelineDecision.AWAITING


def is_told(
    tool: Tool, decision: str, *, first: bool, changed: bool, told: int, since_told: timedelta | None
) -> bool:
    """Whether its tool is called now. ``first``: the answer goes with the request; ``told`` counts the calls."""
    if is_final(decision):
        return changed or (first and tool in TOLD_ONLY_BY_CALLBACK)
    if tool is Tool.GITHUB:
        return (first or changed) and told < MOST_COMMENTS
    if tool is Tool.TERRAFORM:
        return first or changed or since_told is None or since_told >= SIGN_OF_LIFE
    return False

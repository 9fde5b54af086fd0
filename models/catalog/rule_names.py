"""The names of the rules that a service can try out (docs/policy.md#trying-a-rule-out)."""

from difflib import get_close_matches

POLICY_RULES = (
    "method",
    "notice",
    "windows",
    "freezes",
    "collisions",
    "dependencies",
    "frequency",
    "compatibility",
    "people",
    "documents",
)
"""Of release policy. ``type`` isn't one of them: a release of no type has no approvals."""

CLEARANCE_CODES = (
    "window_not_begun",
    "window_over",
    "closed",
    "freeze",
    "other_deployment",
    "collision",
    "approvals",
    "approver_left",
    "gate",
    "version",
    "risk",
)
"""Of what stands in the way of a deployment."""


def rule_problem(name: str) -> str:
    """Why ``name`` can't be tried out; empty if it can."""
    if name in POLICY_RULES or name in CLEARANCE_CODES:
        return ""
    if name == "type":
        return "The rule type can't be tried out: a release of no type has no approvals."
    return f"No rule is called {name[:60]!r}. {_nearest(name)}"


def _nearest(name: str) -> str:
    folded = "_".join(name.casefold().replace("-", " ").split())
    near = get_close_matches(folded, (*POLICY_RULES, *CLEARANCE_CODES), n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"Release policy has {', '.join(POLICY_RULES)}; at a deployment there are {', '.join(CLEARANCE_CODES)}."

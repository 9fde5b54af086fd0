"""What a request may choose from, and which rules a service may try out."""

from difflib import get_close_matches

from models.catalog.document import Service
from models.text import either

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
    "same_change",
    "same_person",
    "documents",
)
"""Of release policy. ``type`` isn't one of them: a release of no type has no approvals."""

FOR_INFORMATION = ("same_change", "same_person")
"""Rules that need a waiver only where a service says so."""

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


def type_problem(name: str, service: Service | None) -> str:
    """Why the service has no such type; empty while no service is chosen."""
    if service is None or name in service.policy.types:
        return ""
    return f"{service.name} has no {name or 'such'} releases. Choose {either(service.policy.types)}."


def method_problem(name: str, service: Service | None) -> str:
    """Why the service isn't deployed like that; empty while no service is chosen."""
    if service is None or name in service.methods:
        return ""
    return f"{service.name} is not deployed {name or 'like this'}. Choose {either(service.methods)}."


def rule_problem(name: str) -> str:
    """Why ``name`` can't be tried out; empty if it can."""
    if name in POLICY_RULES or name in CLEARANCE_CODES:
        return ""
    if name == "type":
        return "The rule type can't be tried out: a release of no type has no approvals."
    return f"No rule is called {name[:60]!r}. {_nearest(name)}"


def soft_problem(name: str) -> str:
    """Why ``name`` can't be made to need a waiver; empty if it can."""
    if name in FOR_INFORMATION:
        return ""
    return f"{name[:60]!r} isn't for information only. The rules that are: {', '.join(FOR_INFORMATION)}."


def _nearest(name: str) -> str:
    folded = "_".join(name.casefold().replace("-", " ").split())
    near = get_close_matches(folded, (*POLICY_RULES, *CLEARANCE_CODES), n=3, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"Release policy has {', '.join(POLICY_RULES)}; at a deployment there are {', '.join(CLEARANCE_CODES)}."

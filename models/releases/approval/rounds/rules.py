"""What a round keeps of the catalog: docs/process.md#rules-of-a-round. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.catalog.document import LaterApprovalTerms, Service
from models.lifecycle.tables.approvals import Round

ALWAYS, UNLESS_SPELLING, NEVER = "always", "unless_spelling", "never"
"""When a change of a field is material."""


@dataclass(frozen=True, slots=True)
class RoundRules:
    """``required`` is the quorum; ``later`` are the later approvals of an emergency."""

    required: Mapping[str, int]
    later: LaterApprovalTerms | None
    material: Mapping[str, str]
    one_rejection_stops: bool


def rules_in_force(service: Service | None, type_name: str, risk: str = "") -> RoundRules | None:
    """What the catalog says now of a release at ``risk``; None when it no longer has the service or the type."""
    kind = service.policy.types.get(type_name) if service else None
    if service is None or kind is None:
        return None
    return RoundRules(
        required=kind.approvals_at(risk),
        later=kind.afterwards,
        material=service.policy.material.as_written(),
        one_rejection_stops=service.policy.approval.one_rejection_stops,
    )


def rules_of(row: Round) -> RoundRules:
    return stored_rules(row.required, row.later, row.material, row.one_rejection_stops)


def stored_rules(
    required: Mapping[str, int],
    later: Mapping[str, Any] | None,
    material: Mapping[str, str],
    one_rejection_stops: bool,
) -> RoundRules:
    """From the columns of a row."""
    terms = LaterApprovalTerms.model_validate(later) if later else None
    return RoundRules(required, terms, material, one_rejection_stops)


def put_rules(row: Round, rules: RoundRules) -> None:
    row.required = dict(rules.required)
    row.later = rules.later.as_written() if rules.later else None
    row.material = dict(rules.material)
    row.one_rejection_stops = rules.one_rejection_stops

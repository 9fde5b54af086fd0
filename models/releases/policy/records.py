from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """A finding of policy; ``waived_by`` and ``reason`` are empty while it waits for a waiver."""

    id: int
    sentence: str
    waived_by: str
    reason: str

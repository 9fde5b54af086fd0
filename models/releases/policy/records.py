from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """A finding of policy; ``waived_by`` and ``reason`` are empty while nobody has waived it.

    Nobody has to waive one that is ``observed``: its ``rule`` is on trial.
    """

    id: int
    sentence: str
    waived_by: str
    reason: str
    rule: str = ""
    observed: bool = False

    @property
    def waits(self) -> bool:
        return not self.waived_by and not self.observed

"""Whether the approvals given are enough: N of M per role, nobody twice, never the requester (DOMAIN.md)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval and the roles that count here: their own, or those of whom they stand in for."""

    person: str
    roles: tuple[str, ...]
    standing_in_for: str = ""

    @property
    def people(self) -> set[str]:
        """Who counts once with this approval: the person, and whom they stand in for."""
        return {self.person, self.standing_in_for} - {""}


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the quorum is: who counts for which role, and what is still missing."""

    counted: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, int]

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        return not any(self.missing.values())

    @property
    def missing_roles(self) -> tuple[str, ...]:
        return tuple(role for role, count in self.missing.items() if count)


def tally(required: Mapping[str, int], approvals: Sequence[Approval], requester: str) -> Tally:
    """Count ``approvals`` towards ``required``.

    Somebody who holds several roles fills one place only; places are given so that as many as possible are
    filled (augmenting paths: a person moves to another of their roles when that lets one more count). Whoever stood
    in for somebody and the one they stood in for count once together: the first of the two.
    """
    places = [role for role, count in required.items() for _ in range(count)]
    holders: dict[int, Approval] = {}

    def place(approval: Approval, seen: set[int]) -> bool:
        for index, role in enumerate(places):
            if role in approval.roles and index not in seen:
                seen.add(index)
                if index not in holders or place(holders[index], seen):
                    holders[index] = approval
                    return True
        return False

    people: set[str] = {requester}
    for approval in approvals:
        if people.isdisjoint(approval.people):
            people |= approval.people
            place(approval, set())
    counted = {
        role: tuple(holders[index].person for index, name in enumerate(places) if name == role and index in holders)
        for role in required
    }
    return Tally(counted, {role: required[role] - len(counted[role]) for role in required})


def reachable(
    required: Mapping[str, int], holders: Mapping[str, Collection[str]], requester: str, against: Collection[str]
) -> bool:
    """Whether the quorum can still be reached when everybody not ``against`` it approves."""
    people = {person for group in holders.values() for person in group} - set(against)
    approvals = [
        Approval(person, tuple(role for role, group in holders.items() if person in group)) for person in people
    ]
    return tally(required, approvals, requester).complete

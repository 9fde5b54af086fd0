"""The quorum: N of M per role, nobody counts twice, never the requesters (docs/process.md#quorum)."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Approval:
    """``roles`` are those that count: the person's own, or those of the person they stand in for."""

    person: str
    roles: tuple[str, ...]
    standing_in_for: str = ""

    @property
    def people(self) -> set[str]:
        """Who counts once with this approval: the person, and whom they stand in for."""
        return {self.person, self.standing_in_for} - {""}


@dataclass(frozen=True, slots=True)
class Tally:
    """Who counts for which role, and how many each role still misses."""

    counted: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, int]

    @property
    def complete(self) -> bool:
        return not any(self.missing.values())

    @property
    def missing_roles(self) -> tuple[str, ...]:
        return tuple(role for role, count in self.missing.items() if count)


def tally(required: Mapping[str, int], approvals: Sequence[Approval], requesters: AbstractSet[str]) -> Tally:
    """Count ``approvals`` towards ``required``.

    One person fills one place, whatever roles they hold. As many people as possible count (augmenting paths: a
    person moves to another of their roles when that lets one more count). A person and their stand-in count once
    between them: the first of the two.
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

    people = set(requesters)
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
    required: Mapping[str, int],
    holders: Mapping[str, Collection[str]],
    requesters: AbstractSet[str],
    against: Collection[str] = (),
) -> bool:
    """Whether the quorum would be complete if everybody not ``against`` it approved."""
    people = {person for group in holders.values() for person in group} - set(against)
    approvals = [
        Approval(person, tuple(role for role, group in holders.items() if person in group)) for person in people
    ]
    return tally(required, approvals, requesters).complete

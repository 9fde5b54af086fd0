"""In which roles, and in whose place, somebody may decide on a release: docs/process.md#standing-in.

Standing in reaches one step only, and requesters neither decide nor are stood in for.
"""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from models.catalog.document import Service
from models.catalog.quorum import Approval, Tally
from models.people.directory import roles_of
from models.releases.approval.progress import ApprovalProgress
from models.releases.approval.standing_in.stand_ins import delegators_of
from models.unit_of_work import Snapshot


@dataclass(frozen=True, slots=True)
class DecisionRight:
    """The roles in which somebody decides; ``standing_in_for`` is empty for their own."""

    roles: tuple[str, ...]
    standing_in_for: str = ""

    def approval_by(self, person: str) -> Approval:
        return Approval(person, self.roles, self.standing_in_for)


def own_rights(
    person: str, requesters: AbstractSet[str], required: Collection[str], held: Collection[str]
) -> list[DecisionRight]:
    """The right, if any, of somebody who holds the roles ``held``."""
    roles = tuple(role for role in required if role in held)
    return [DecisionRight(roles)] if roles and person not in requesters else []


def stand_in_rights(
    person: str,
    requesters: AbstractSet[str],
    required: Collection[str],
    delegators: Iterable[str],
    held: Mapping[str, Collection[str]],
) -> list[DecisionRight]:
    """The rights in place of each of ``delegators``.

    ``held`` are the roles that the catalog itself gives to each of them: standing in can't be passed on.
    """
    rights = []
    for delegator in dict.fromkeys(delegators):
        roles = tuple(role for role in required if role in held.get(delegator, ()))
        if roles and requesters.isdisjoint((person, delegator)) and delegator != person:
            rights.append(DecisionRight(roles, delegator))
    return rights


def approval_would_count(
    progress: ApprovalProgress, person: str, held: Collection[str], delegators: Mapping[str, Collection[str]]
) -> bool:
    """Whether an approval by ``person`` would count, in the roles ``held`` or in those of ``delegators``."""
    required, requesters = progress.required, progress.requesters
    rights = [
        *own_rights(person, requesters, required, held),
        *stand_in_rights(person, requesters, required, delegators, delegators),
    ]
    return any(progress.with_approval(right.approval_by(person)) for right in rights)


async def own_rights_of(
    snapshot: Snapshot, service: Service, required: Collection[str], person: str, requesters: AbstractSet[str]
) -> list[DecisionRight]:
    if service.names_groups:
        return own_rights(person, requesters, required, await roles_of(snapshot.session, service, person))
    # Approving is the hot path, so it makes no session for what the catalog alone can say.
    return own_rights(person, requesters, required, service.roles_of((person,)))


async def stand_in_rights_of(
    snapshot: Snapshot, service: Service, required: Collection[str], person: str, requesters: AbstractSet[str]
) -> list[DecisionRight]:
    delegators = await delegators_of(snapshot.session, service, person, snapshot.now)
    held = {one: await roles_of(snapshot.session, service, one) for one in delegators}
    return stand_in_rights(person, requesters, required, delegators, held)


async def decision_rights_of(
    snapshot: Snapshot, service: Service, required: Collection[str], person: str, requesters: AbstractSet[str]
) -> list[DecisionRight]:
    """In what ``person`` may decide now; delegations are read only for somebody who holds none of the roles."""
    own = await own_rights_of(snapshot, service, required, person, requesters)
    return own or await stand_in_rights_of(snapshot, service, required, person, requesters)


async def counting_right(
    snapshot: Snapshot, service: Service, progress: ApprovalProgress, person: str
) -> tuple[DecisionRight, Tally] | None:
    """In what an approval by ``person`` would count, and the tally with it; None when it wouldn't.

    Their own roles come first; delegations are read only where those don't count.
    """
    for read in (own_rights_of, stand_in_rights_of):
        for right in await read(snapshot, service, progress.required, person, progress.requesters):
            after = progress.with_approval(right.approval_by(person))
            if after:
                return right, after
    return None

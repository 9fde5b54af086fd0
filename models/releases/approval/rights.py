"""Who may decide on a request, in which roles, and in whose place; and the refusals that say who may instead.

Who stands in for whom is read only where somebody's own roles do not do.
"""

from dataclasses import dataclass

from models.catalog.quorum import Approval, Tally, tally
from models.catalog.roles import role_words
from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import Verb
from models.people.directory import names, roles_of
from models.people.holder_names import holder_names
from models.releases.approval.case import DecisionCase, read_case
from models.releases.approval.stand_ins import DecisionRight, decision_rights_of
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class ReleaseToDecide:
    """A release that somebody may decide on: what it is called, where its card stands."""

    identifier: str
    channel: str


async def decider(snapshot: Snapshot, verb: Verb, release_id: int, round_: int) -> ReleaseToDecide:
    """The release, locked in a transaction, for what an approver may do besides deciding.

    Raises Refused, Stale and NotFound.
    """
    case = await read_case(snapshot, verb, release_id, round_)
    await rights_in(snapshot, case, snapshot.actor.person)
    return ReleaseToDecide(case.identifier, case.service.channel)


async def check_may_decide(work: UnitOfWork, actor: Actor, verb: Verb, release_id: int, round_: int) -> str:
    """Whether ``actor`` could take ``verb`` now; gives the identifier. Raises what the use case would raise.

    Asked before a modal for the reason opens, so that nobody types a reason in vain; asked again on submitting.
    """
    async with work.reading(actor) as snapshot:
        case = await read_case(snapshot, verb, release_id, round_)
        await rights_in(snapshot, case, actor.person)
        return case.identifier


async def rights_in(snapshot: Snapshot, case: DecisionCase, person: str) -> list[DecisionRight]:
    """In what ``person`` may decide, at least one. Raises Refused with who may when there is none."""
    own = await _own_standing(snapshot, case, person)
    found = [own] if own else await _stand_ins(snapshot, case, person)
    if not found:
        raise Refused(await _nobody(snapshot, case))
    return found


async def counting_right(
    tx: Transaction, case: DecisionCase, person: str, before: Tally
) -> tuple[DecisionRight, Tally]:
    """In what ``person``'s approval counts, and how far the quorum is with it. Raises Refused when it does not."""
    own = await _own_standing(tx, case, person)
    after = _with(case, person, own, before) if own else None
    if own and after:
        return own, after
    others = await _stand_ins(tx, case, person)
    for standing in others:
        after = _with(case, person, standing, before)
        if after:
            return standing, after
    first = next(iter([own, *others] if own else others), None)
    raise Refused(await _nothing_left(tx, case, first, before) if first else await _nobody(tx, case))


def _with(case: DecisionCase, person: str, standing: DecisionRight, before: Tally) -> Tally | None:
    others = [one for one in case.approvals if one.person != person]
    mine = Approval(person, standing.roles, standing.standing_in_for)
    after = tally(case.type.approvals, [*others, mine], case.requester)
    return after if sum(after.missing.values()) < sum(before.missing.values()) else None


async def _own_standing(snapshot: Snapshot, case: DecisionCase, person: str) -> DecisionRight | None:
    """The asked-for roles that ``person`` holds, if any. Raises Refused for the requester."""
    if person == case.requester:
        others = await holder_names(snapshot.session, case.service, case.type.approvals, without=(case.requester,))
        raise Refused(f"You requested {case.identifier}, so somebody else has to decide on it: {others}.")
    direct = case.service.roles_of((person,))
    held = await roles_of(snapshot.session, case.service, person) if case.service.names_groups else direct
    roles = tuple(role for role in case.type.approvals if role in held)
    return DecisionRight(roles) if roles else None


async def _stand_ins(snapshot: Snapshot, case: DecisionCase, person: str) -> list[DecisionRight]:
    return await decision_rights_of(
        snapshot.session, case.service, case.type.approvals, person, case.requester, snapshot.now
    )


async def _nobody(snapshot: Snapshot, case: DecisionCase) -> str:
    others = await holder_names(snapshot.session, case.service, case.type.approvals, without=(case.requester,))
    return f"{case.identifier} is decided by its {role_words(case.type.approvals)}: {others}."


async def _nothing_left(tx: Transaction, case: DecisionCase, standing: DecisionRight, before: Tally) -> str:
    mine = {tx.actor.person, standing.standing_in_for} - {""}
    partner = next((one for one in case.approvals if {one.person, one.standing_in_for} & mine), None)
    if partner:
        called = await names(tx.session, (partner.person,))
        return (
            f"{called.get(partner.person, partner.person)} has approved {case.identifier} already. Whoever stands "
            "in for somebody and the one they stand in for count once together."
        )
    open_roles = [role for role, count in before.missing.items() if count]
    others = await holder_names(tx.session, case.service, open_roles, without=(case.requester,))
    return (
        f"The {role_words(standing.roles)} has approved {case.identifier} already. It still waits for "
        f"{role_words(open_roles)}: {others}."
    )

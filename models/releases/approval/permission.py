"""Whether somebody may decide on a request, and the refusal that says who may instead."""

from models.catalog.quorum import Tally
from models.catalog.roles import role_words
from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import Verb
from models.people.directory import names
from models.people.who_could import who_could
from models.releases.approval.decision_case import DecisionCase, read_case
from models.releases.approval.rights import DecisionRight, counting_right, decision_rights_of
from models.unit_of_work import Transaction, UnitOfWork


async def check_may_decide(work: UnitOfWork, actor: Actor, verb: Verb, release_id: int, round_: int) -> str:
    """The identifier, if ``actor`` could take ``verb`` now. Raises what the use case would raise.

    Asked before the modal opens, so that nobody writes a reason in vain; the use case asks again.
    """
    async with work(actor) as tx:
        return (await case_to_decide(tx, verb, release_id, round_)).identifier


async def case_to_decide(tx: Transaction, verb: Verb, release_id: int, round_: int) -> DecisionCase:
    """Lock the release for somebody who may decide on it. Raises Refused, Stale, NotFound."""
    case = await read_case(tx, verb, release_id, round_)
    await right_to_decide(tx, case)
    return case


async def right_to_decide(tx: Transaction, case: DecisionCase) -> DecisionRight:
    """In what the actor decides. Raises Refused, naming who may, when they may not."""
    right = await _first_right(tx, case)
    if right is None:
        raise Refused(await _not_for_them(tx, case))
    return right


async def right_to_approve(tx: Transaction, case: DecisionCase) -> tuple[DecisionRight, Tally]:
    """In what the actor's approval counts, and the tally with it. Raises Refused when it wouldn't count."""
    await _refuse_requester(tx, case)
    counting = await counting_right(tx, case.service, case.progress, tx.actor.person)
    if counting:
        return counting
    right = await _first_right(tx, case)
    raise Refused(await _nothing_left(tx, case, right) if right else await _not_for_them(tx, case))


async def _first_right(tx: Transaction, case: DecisionCase) -> DecisionRight | None:
    await _refuse_requester(tx, case)
    rights = await decision_rights_of(tx, case.service, case.type.approvals, tx.actor.person, case.requester)
    return next(iter(rights), None)


async def _refuse_requester(tx: Transaction, case: DecisionCase) -> None:
    if tx.actor.person == case.requester:
        others = await who_could(tx.session, case.service, case.type.approvals, without=(case.requester,))
        raise Refused(f"You requested {case.identifier}, so somebody else has to decide on it: {others}.")


async def _not_for_them(tx: Transaction, case: DecisionCase) -> str:
    others = await who_could(tx.session, case.service, case.type.approvals, without=(case.requester,))
    return f"{case.identifier} is decided by its {role_words(case.type.approvals)}: {others}."


async def _nothing_left(tx: Transaction, case: DecisionCase, right: DecisionRight) -> str:
    pair = {tx.actor.person, right.standing_in_for} - {""}
    partner = next((one for one in case.progress.approvals if one.people & pair), None)
    if partner:
        called = await names(tx.session, (partner.person,))
        return (
            f"{called.get(partner.person, partner.person)} has approved {case.identifier} already. Whoever stands "
            "in for somebody and the one they stand in for count once together."
        )
    open_roles = case.progress.tally().missing_roles
    others = await who_could(tx.session, case.service, open_roles, without=(case.requester,))
    return (
        f"The {role_words(right.roles)} has approved {case.identifier} already. It still waits for "
        f"{role_words(open_roles)}: {others}."
    )

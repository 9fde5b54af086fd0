"""Whether somebody may decide on a request, and the refusal that says who may instead."""

from datetime import datetime

from models.catalog.document import Service
from models.catalog.quorum import Tally
from models.catalog.roles import role_words
from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import Verb
from models.lifecycle.requesters import part_in
from models.people.directory import names
from models.people.freshness import check_membership, last_read
from models.people.holder_names import holder_names
from models.people.outsiders import NOT_FOR_OUTSIDERS
from models.releases.approval.decision_case import DecisionCase, read_case
from models.releases.approval.rights import DecisionRight, counting_right, decision_rights_of
from models.unit_of_work import Snapshot, UnitOfWork


async def check_may_decide(work: UnitOfWork, actor: Actor, verb: Verb, release_id: int, round_: int) -> str:
    """The identifier, if ``actor`` could take ``verb`` now. Raises what the use case would raise.

    For opening a modal, so that nobody writes a reason in vain; the use case checks again.
    """
    async with work.reading(actor) as snapshot:
        return (await case_to_decide(snapshot, verb, release_id, round_)).identifier


async def case_to_decide(snapshot: Snapshot, verb: Verb, release_id: int, round_: int) -> DecisionCase:
    """The release, locked in a transaction, if the actor may decide on it. Raises Refused, Stale, NotFound."""
    case = await read_case(snapshot, verb, release_id, round_)
    await right_to_decide(snapshot, case)
    return case


async def right_to_decide(snapshot: Snapshot, case: DecisionCase) -> DecisionRight:
    """In what the actor decides. Raises Refused, naming who may, when they may not."""
    right = await _first_right(snapshot, case)
    if right is None:
        raise Refused(await _not_for_them(snapshot, case))
    return right


async def right_to_approve(snapshot: Snapshot, case: DecisionCase) -> tuple[DecisionRight, Tally]:
    """In what the actor's approval counts, and the tally with it. Raises Refused when it wouldn't count."""
    await _refuse_requesters(snapshot, case)
    counting = await counting_right(snapshot, case.service, case.progress, snapshot.actor.person)
    if counting:
        await check_right_is_fresh(snapshot, case.service, counting[0], case.actor_read_at)
        return counting
    right = await _first_right(snapshot, case)
    raise Refused(await _nothing_left(snapshot, case, right) if right else await _not_for_them(snapshot, case))


async def check_right_is_fresh(
    snapshot: Snapshot, service: Service, right: DecisionRight, read_at: datetime | None
) -> None:
    """Raise Refused if an approval by ``right`` rests on what Slack said long ago; ``read_at`` is the actor's."""
    holder = right.standing_in_for or snapshot.actor.person
    if right.standing_in_for:
        read_at = min(
            filter(None, [read_at, (await last_read(snapshot.session, [holder])).get(holder)]), default=None
        )
    await check_membership(snapshot, service, right.roles, holder, read_at)


async def _first_right(snapshot: Snapshot, case: DecisionCase) -> DecisionRight | None:
    await _refuse_requesters(snapshot, case)
    rights = await decision_rights_of(
        snapshot, case.service, case.rules.required, snapshot.actor.person, case.requesters
    )
    return next(iter(rights), None)


async def _refuse_requesters(snapshot: Snapshot, case: DecisionCase) -> None:
    person = snapshot.actor.person
    if person in case.requesters:
        others = await holder_names(snapshot.session, case.service, case.rules.required, without=case.requesters)
        part = part_in(person, case.requester, case.identifier)
        raise Refused(f"{part}, so somebody else has to decide on it: {others}.")


async def _not_for_them(snapshot: Snapshot, case: DecisionCase) -> str:
    if snapshot.actor.person in case.service.barred:
        return NOT_FOR_OUTSIDERS
    others = await holder_names(snapshot.session, case.service, case.rules.required, without=case.requesters)
    return f"{case.identifier} is decided by its {role_words(case.rules.required)}: {others}."


async def _nothing_left(snapshot: Snapshot, case: DecisionCase, right: DecisionRight) -> str:
    pair = {snapshot.actor.person, right.standing_in_for} - {""}
    partner = next((one for one in case.progress.approvals if one.people & pair), None)
    if partner:
        called = await names(snapshot.session, (partner.person,))
        return (
            f"{called.get(partner.person, partner.person)} has approved {case.identifier} already. Whoever stands "
            "in for somebody and the one they stand in for count once together."
        )
    open_roles = case.progress.tally().missing_roles
    others = await holder_names(snapshot.session, case.service, open_roles, without=case.requesters)
    return (
        f"The {role_words(right.roles)} has approved {case.identifier} already. It still waits for "
        f"{role_words(open_roles)}: {others}."
    )

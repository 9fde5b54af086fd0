"""The verbs that a release's state allows and that one person may take."""

from dataclasses import dataclass

from models.catalog.document import Service
from models.catalog.roles import APPROVERS
from models.lifecycle import lifecycle
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import LIFECYCLE, NEEDS_NO_LATER_APPROVALS, SYSTEM_ROLE, State, Transition, Verb
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.approvals import LaterApprovals
from models.lifecycle.tables.release import Release
from models.lifecycle.window_state import MISSABLE
from models.people.directory import roles_of
from models.releases.approval.decisions import APPROVED, decisions_of
from models.releases.approval.progress import later_progress
from models.releases.approval.rights import counting_right, decision_rights_of
from models.releases.approval.rounds.store import rules_of_release
from models.releases.request.edit import may_edit, may_move_window
from models.releases.request.supersede import may_supersede
from models.releases.windows.extend import EXTENDERS
from models.unit_of_work import Snapshot


@dataclass(frozen=True, slots=True)
class AvailableVerbs:
    """What one person may do with a release now. Gates are not asked: they say what is missing.

    ``edit`` is about the request, ``later_approval`` about those of an emergency. People who may approve may waive.
    """

    verbs: frozenset[Verb] = frozenset()
    edit: bool = False
    later_approval: bool = False
    reschedule: bool = False
    extend: bool = False


async def available_verbs(snapshot: Snapshot, release_id: int, person: str) -> AvailableVerbs:
    """What ``person`` may do with the release. Raises :class:`~models.errors.NotFound`."""
    release = await load_release(snapshot.session, release_id)
    service = (await snapshot.catalog()).by_key.get(release.service)
    roles = await roles_of(snapshot.session, service, person) if service else frozenset()
    kind = service.policy.types.get(release.type) if service else None
    requesters = await requesters_of(snapshot.session, release)
    decides = await _may_decide(snapshot, service, release, requesters, person)
    rows = [row for row in LIFECYCLE if release.state in row.sources and SYSTEM_ROLE not in row.who]
    if kind is None:
        rows = [row for row in rows if row.verb is not Verb.BREAK_GLASS]
    possible = {row.verb for row in rows}
    verbs = {
        row.verb
        for row in rows
        if (decides if APPROVERS in row.who else _may(row, service, release, requesters, person, roles))
    }
    verbs -= {Verb.WITHDRAW, Verb.SUPERSEDE}
    if Verb.WITHDRAW in possible and await _has_approved(snapshot, release, person):
        verbs.add(Verb.WITHDRAW)
    if Verb.SUPERSEDE in possible and await may_supersede(snapshot, release, person, roles):
        verbs.add(Verb.SUPERSEDE)
    return AvailableVerbs(
        verbs=frozenset(verbs),
        edit=may_edit(release, person, roles),
        reschedule=release.state in MISSABLE
        and (person == release.requester or may_move_window(release, service, roles)),
        extend=release.state == State.DEPLOYING and not roles.isdisjoint(roles_that_answer(service, EXTENDERS)),
        later_approval=await _may_approve_later(snapshot, service, release, requesters, person),
    )


async def _has_approved(snapshot: Snapshot, release: Release, person: str) -> bool:
    decisions = await decisions_of(snapshot.session, release)
    return any((one.person, one.verdict) == (person, APPROVED) for one in decisions)


def _may(
    row: Transition,
    service: Service | None,
    release: Release,
    requesters: frozenset[str],
    person: str,
    roles: frozenset[str],
) -> bool:
    return lifecycle.may(
        row,
        person=person,
        requester=release.requester,
        authors=requesters,
        roles=roles,
        entitled=roles_that_answer(service, row.who),
    )


async def _may_decide(
    snapshot: Snapshot, service: Service | None, release: Release, requesters: frozenset[str], person: str
) -> bool:
    rules = await rules_of_release(snapshot.session, service, release)
    if service is None or rules is None:
        return False
    return bool(await decision_rights_of(snapshot, service, rules.required, person, requesters))


async def _may_approve_later(
    snapshot: Snapshot, service: Service | None, release: Release, requesters: frozenset[str], person: str
) -> bool:
    needed = await snapshot.session.get(LaterApprovals, (release.id, release.round))
    if service is None or needed is None or needed.completed_at or release.state in NEEDS_NO_LATER_APPROVALS:
        return False
    progress = later_progress(needed.required, await decisions_of(snapshot.session, release), requesters)
    return await counting_right(snapshot, service, progress, person) is not None

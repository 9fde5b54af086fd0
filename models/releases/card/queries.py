"""Reading the card, the outcomes and the history of a release for people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import audit
from models.catalog.document import Catalog, Service
from models.catalog.roles import role_word
from models.events import SYSTEM
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import IN_PRODUCTION, OPEN, State
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.approvals import Decision, LaterApprovals, Round
from models.lifecycle.tables.clearance import Override, WindowWatch
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.plan import PlanTask, SustainingPerson
from models.lifecycle.tables.release import Release
from models.lifecycle.window_state import MISSABLE, WindowState
from models.packages.records import PackageSummary
from models.people.directory import names
from models.releases.activities import queries as activity_queries
from models.releases.approval.decisions import (
    CHANGES_REQUESTED,
    REJECTED,
    deciders,
    decisions_of,
    in_place_of,
)
from models.releases.approval.emergency_override import passed_by_emergency
from models.releases.approval.progress import quorum_progress
from models.releases.approval.queries import (
    broken_glass,
    bypass_of,
    given_approvals,
    late_approvals,
    role_progress,
)
from models.releases.approval.records import Objection, RoleProgress
from models.releases.approval.rounds.store import rules_of_release
from models.releases.card.records import (
    HistoryLine,
    KnownErrorLine,
    NextTask,
    OtherRelease,
    PlanProgress,
    ReleaseCard,
    ReleaseOutcome,
)
from models.releases.clearance.queries import override_lines, overrides_of
from models.releases.package import queries as packages
from models.releases.policy.observed_stops import observed_stops_of
from models.releases.policy.records import PolicyFinding
from models.releases.policy.rules.compatibility import RULE as COMPATIBILITY
from models.releases.policy.rules.compatibility import finding_key
from models.releases.policy.rules.facts import is_emergency
from models.releases.policy.stored_findings import findings_of, waits_for_waiver
from models.support.tables import KnownError

KNOWN_ERRORS_SHOWN = 3


async def release_card(session: AsyncSession, catalog: Catalog, release_id: int) -> ReleaseCard:
    """Everything that the card shows. Raises :class:`~models.errors.NotFound`."""
    release = await load_release(session, release_id)
    service = catalog.by_key.get(release.service)
    decisions = await decisions_of(session, release)
    tasks = await _plan_tasks(session, release_id)
    known_errors, count = await _known_errors(session, release.service)
    findings = await findings_of(session, release_id)
    glass = await broken_glass(session, release_id)
    overrides = await overrides_of(session, release_id)
    package = await packages.package_summary(session, catalog, release)
    requesters = await requesters_of(session, release)
    row = await session.get(Round, (release_id, release.round))
    people = {*requesters, *deciders(decisions), *deciders([glass] if glass else ())}
    people |= {finding.waived_by for finding in findings if finding.waived_by}
    people |= {row.by for row in overrides}
    people |= {task.owner for task in tasks if task.owner}
    called = await names(session, people)
    return ReleaseCard(
        id=release_id,
        identifier=release.identifier,
        round=release.round,
        service_name=catalog.service_name(release.service),
        type=release.type,
        title=release.title,
        description=release.description,
        changes=tuple(release.changes),
        window_start=release.window_start,
        window_end=release.window_end,
        zone=str(catalog.zone(service)),
        method=release.method,
        back_out_plan=release.back_out_plan,
        requester=release.requester,
        requester_name=called.get(release.requester, release.requester),
        authors=tuple(sorted(called.get(one, one) for one in requesters - {release.requester})),
        state=release.state,
        state_since=release.state_since,
        requested_at=release.requested_at,
        progress=await _progress(session, service, release, decisions, called),
        objections=_objections(decisions, called),
        plan=_plan(tasks, called),
        known_errors=known_errors,
        known_error_count=count,
        previous=await _previous(session, release),
        package=_without_findings(package, findings),
        findings=_findings(
            _without_settled(findings, package) if release.state in OPEN else findings, service, called
        )
        + await _stopped_but_for_trial(session, release, findings),
        later_approvals=await late_approvals(session, service, release, decisions, called),
        bypass=bypass_of(glass, release.round, called),
        overrides=override_lines(overrides, release, called),
        window=await _window(session, release),
        extended_to=release.extended_to,
        passes_over=await _passed_over(session, catalog, service, release),
        activities=await activity_queries.activity_progress(session, catalog, release),
        approvals=given_approvals(decisions, called),
        superseded_by=await _successor(session, release),
        risk=row.risk if row else "",
        risk_factors=tuple(row.risk_factors) if row else (),
        supersedes=await _superseded(session, release_id),
    )


async def people_of_release(session: AsyncSession, release_id: int) -> set[str]:
    """The people whose names messages about a release show."""
    requester = select(Release.requester).where(col(Release.id) == release_id)
    decided = select(Decision).where(col(Decision.release_id) == release_id)
    authors = select(Round.authors).where(col(Round.release_id) == release_id)
    sustaining = select(SustainingPerson.person).where(col(SustainingPerson.release_id) == release_id)
    overriding = select(Override.by).where(col(Override.release_id) == release_id, Override.by != SYSTEM.person)
    waivers = select(ReleaseFinding.waived_by).where(
        col(ReleaseFinding.release_id) == release_id, col(ReleaseFinding.waived_by).is_not(None)
    )
    return {
        *(await session.exec(requester)).all(),
        *deciders((await session.exec(decided)).all()),
        *(person for several in (await session.exec(authors)).all() for person in several),
        *(await session.exec(sustaining)).all(),
        *(await session.exec(overriding)).all(),
        *(person for person in (await session.exec(waivers)).all() if person),
    }


async def release_outcome(
    session: AsyncSession, catalog: Catalog, release_id: int, facts: Mapping[str, Any]
) -> ReleaseOutcome:
    """An outcome, from the release and the ``facts`` of its event."""
    release = await load_release(session, release_id)
    person = str(facts.get("person") or "")
    requester = str(facts.get("requester") or "")
    absent = str(facts.get("standing_in_for") or "")
    people = {person, absent, *facts.get("voided_people", ())} - {""}
    called = await names(session, people)
    round_ = int(facts.get("round") or release.round)
    return ReleaseOutcome(
        kind=str(facts["outcome"]),
        release_id=release_id,
        round=round_,
        identifier=release.identifier,
        title=release.title,
        person_name=in_place_of(called, person, absent),
        mention=requester if requester != person else "",
        reason=str(facts.get("grounds") or ""),
        state=release.state,
        details=tuple(facts.get("material", ())),
        live_known_errors=tuple(facts.get("known_errors", ())),
        restored=str(facts.get("restored") or ""),
        goes_first=await session.get(LaterApprovals, (release_id, round_)) is not None,
        asked=tuple(facts.get("asked", ())),
        other=_other(facts),
        bookings=int(facts.get("bookings") or 0),
    )


async def release_history(
    session: AsyncSession, release_id: int, limit: int, before: int | None = None
) -> list[HistoryLine]:
    """The audit trail of a release, newest first: entries with ids below ``before``."""
    entries = await audit.of_release(session, release_id, limit, before)
    absent = {entry.id: str(entry.facts.get("standing_in_for") or "") for entry in entries}
    called = await names(session, {entry.person for entry in entries} | set(absent.values()))
    return [
        HistoryLine(
            id=entry.id,
            at=entry.at,
            person_name=in_place_of({"system": "Release Desk", **called}, entry.person, absent[entry.id]),
            surface=entry.surface,
            tag=entry.tag,
            grounds=entry.grounds,
            facts=dict(entry.facts),
        )
        for entry in entries
    ]


async def _window(session: AsyncSession, release: Release) -> WindowState:
    """As people were told: the card is drawn again then."""
    row = await session.get(WindowWatch, release.id)
    if row is None or (row.window_start, row.window_end) != (release.window_start, release.window_end):
        return WindowState.IN_TIME
    if release.state == State.DEPLOYING and row.overrun:
        return WindowState.OVERRUNNING
    return WindowState.MISSED if release.state in MISSABLE and row.missed_at else WindowState.IN_TIME


async def _passed_over(
    session: AsyncSession, catalog: Catalog, service: Service | None, release: Release
) -> tuple[str, ...]:
    """What an emergency's approval would override, while it waits for one."""
    kind = service.policy.types.get(release.type) if service else None
    if service is None or release.state != State.REQUESTED or not is_emergency(release.type, kind):
        return ()
    return tuple(one.text for one in await passed_by_emergency(session, catalog, service, release))


async def _successor(session: AsyncSession, release: Release) -> OtherRelease | None:
    if release.superseded_by is None:
        return None
    newer = await load_release(session, release.superseded_by)
    return OtherRelease(newer.id, newer.identifier)


async def _superseded(session: AsyncSession, release_id: int) -> tuple[OtherRelease, ...]:
    query = select(Release.id, Release.identifier).where(col(Release.superseded_by) == release_id)
    rows = (await session.exec(query.order_by(col(Release.id)))).all()
    return tuple(OtherRelease(id_, identifier) for id_, identifier in rows)


def _other(facts: Mapping[str, Any]) -> OtherRelease | None:
    for name in ("newer", "older"):
        if name in facts:
            return OtherRelease(int(facts[f"{name}_id"]), str(facts[name]))
    return None


async def _progress(
    session: AsyncSession,
    service: Service | None,
    release: Release,
    decisions: Sequence[Decision],
    called: Mapping[str, str],
) -> tuple[RoleProgress, ...]:
    rules = await rules_of_release(session, service, release)
    if rules is None:
        return ()
    progress = quorum_progress(rules.required, decisions, await requesters_of(session, release))
    return role_progress(service, progress, called)


def _objections(decisions: Sequence[Decision], called: Mapping[str, str]) -> tuple[Objection, ...]:
    return tuple(
        Objection(row.verdict, in_place_of(called, row.person, row.standing_in_for), row.reason)
        for row in decisions
        if row.verdict in (REJECTED, CHANGES_REQUESTED)
    )


def _findings(
    rows: Sequence[ReleaseFinding], service: Service | None, called: Mapping[str, str]
) -> tuple[PolicyFinding, ...]:
    return tuple(
        PolicyFinding(
            id=row.id,
            sentence=row.sentence,
            waived_by=called.get(row.waived_by or "", row.waived_by or ""),
            reason=row.reason,
            rule=row.rule,
            observed=row.waived_by is None and not waits_for_waiver(row, service),
        )
        for row in rows
    )


async def _stopped_but_for_trial(
    session: AsyncSession, release: Release, findings: Sequence[ReleaseFinding]
) -> tuple[PolicyFinding, ...]:
    """What rules on trial would have stopped in this round, beside the stored ``findings``; each once."""
    shown = {(row.rule, row.key) for row in findings}
    stops = {
        (row.rule, row.key): row
        for row in await observed_stops_of(session, release.id, release.round)
        if (row.rule, row.key) not in shown
    }
    return tuple(PolicyFinding(0, row.sentence, "", "", row.rule, observed=True) for row in stops.values())


def _without_settled(findings: Sequence[ReleaseFinding], package: PackageSummary) -> list[ReleaseFinding]:
    """Leave out unwaived findings about versions that fit by now, because another release moved."""
    wrong = {finding_key(incompatibility) for incompatibility in package.incompatible}
    return [row for row in findings if row.rule != COMPATIBILITY or row.waived_by or row.key in wrong]


def _without_findings(package: PackageSummary, findings: Sequence[ReleaseFinding]) -> PackageSummary:
    """Leave out the incompatible versions that the card shows as findings of policy."""
    reported = {row.key for row in findings if row.rule == COMPATIBILITY}
    return replace(
        package, incompatible=tuple(one for one in package.incompatible if finding_key(one) not in reported)
    )


async def _plan_tasks(session: AsyncSession, release_id: int) -> Sequence[PlanTask]:
    query = select(PlanTask).where(col(PlanTask.release_id) == release_id)
    return (await session.exec(query.order_by(col(PlanTask.due_at), col(PlanTask.position)))).all()


def _plan(tasks: Sequence[PlanTask], called: Mapping[str, str]) -> PlanProgress | None:
    if not tasks:
        return None
    undone = [task for task in tasks if task.done_at is None]
    following = None
    if undone:
        first = undone[0]
        owner = called.get(first.owner, first.owner) if first.owner else role_word(first.role)
        following = NextTask(first.title, first.due_at, owner)
    return PlanProgress(done=len(tasks) - len(undone), total=len(tasks), next=following)


async def _known_errors(session: AsyncSession, service: str) -> tuple[tuple[KnownErrorLine, ...], int]:
    unresolved = (col(KnownError.service) == service, col(KnownError.status) != "resolved")
    count = (await session.exec(select(func.count()).select_from(KnownError).where(*unresolved))).one()
    if not count:
        return (), 0
    query = select(KnownError).where(*unresolved).order_by(col(KnownError.id).desc())
    rows = (await session.exec(query.limit(KNOWN_ERRORS_SHOWN))).all()
    return tuple(KnownErrorLine(row.number, row.title, bool(row.workaround.strip())) for row in rows), count


async def _previous(session: AsyncSession, release: Release) -> str:
    """The identifier of the last release of the service that went to production before this one."""
    query = select(Release.identifier).where(
        col(Release.service) == release.service,
        col(Release.state).in_(IN_PRODUCTION),
        col(Release.id) != release.id,
    )
    if release.deployed_at:
        query = query.where(col(Release.deployed_at) < release.deployed_at)
    return (await session.exec(query.order_by(col(Release.deployed_at).desc()).limit(1))).first() or ""

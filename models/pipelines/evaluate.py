"""What Release Desk says to a pipeline at this moment, read and judged in the transaction that answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.catalog.related_services import with_needed
from models.errors import NotFound
from models.lifecycle.access import LoadedRelease, roles_that_answer
from models.lifecycle.identifiers import find_release
from models.lifecycle.lifecycle import PREPARING, SENT_BACK, State
from models.lifecycle.obstacle_codes import Code
from models.lifecycle.tables.activities import Build
from models.lifecycle.tables.clearance import OVERRIDE, Override
from models.lifecycle.tables.pipelines import PipelineClearance
from models.lifecycle.tables.release import Release
from models.packages.tables import PackageNode
from models.packages.tree import NodeType
from models.people.directory import name_of
from models.people.holder_names import holder_names
from models.pipelines.answer import PipelineReason
from models.pipelines.binding import ApprovedContent, Binding, Bound, Deployed, bind
from models.pipelines.decision import AnswerCode, PipelineDecision, decide, opened_only_by
from models.pipelines.holds import LONGEST, answer_holds_until
from models.pipelines.which_release import ReleaseInTurn, choose_release
from models.releases.activities.gate_facts import latest_build
from models.releases.activities.start_clearance import gate_lacks
from models.releases.clearance.facts import ClearanceFacts, DeploymentUnderWay
from models.releases.clearance.judge import judge_clearance
from models.releases.clearance.obstacles import Asked, Clearance, Obstacle
from models.releases.clearance.read_facts import overrides_in_force, read_clearance_facts, window_end
from models.releases.policy.emergency import EMERGENCY_GRACE
from models.releases.policy.observed_stops import PIPELINE, WouldStop, record_observed_stops
from models.releases.policy.rules.facts import EMERGENCY
from models.time.days import say_moment
from models.unit_of_work import Snapshot, Transaction

READ_AT_MOST = 200
"""Open releases of one service that are looked at, those with the latest windows."""

OPEN_STATES = (State.REQUESTED, *SENT_BACK, *PREPARING, State.DEPLOYING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """``said`` is the whole answer in words. Without a ``release`` none was meant that there is."""

    decision: PipelineDecision
    said: str
    reasons: tuple[PipelineReason, ...] = ()
    release: Release | None = None
    bound_to: Bound | None = None
    next_allowed: datetime | None = None
    holds_until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedDeployment:
    """What a pipeline asks about in production of a service; ``person`` runs it, empty if that isn't known."""

    deployed: Deployed
    release: str = ""
    person: str = ""


async def evaluate(snapshot: Snapshot, catalog: Catalog, service: Service, asked: AskedDeployment) -> Evaluation:
    """Whether it may be deployed now.

    In a transaction :func:`~models.releases.policy.surroundings.plan_in_turn` comes first, so that of two that ask
    at once the second sees what the first was told.
    """
    if asked.deployed.item and asked.deployed.item not in catalog.items_by_key:
        return invalid(
            AnswerCode.UNKNOWN_ITEM, f"The catalog has no configuration item with the key {asked.deployed.item}."
        )
    release = await _release_meant(snapshot, service, asked)
    if isinstance(release, Evaluation):
        return release
    content = await _approved_content(snapshot.session, release)
    binding = bind(release.identifier, content, asked.deployed)
    if binding.missing:
        return invalid(AnswerCode.VERSION_MISSING, binding.missing, release)
    loaded = LoadedRelease(release, service, catalog)
    if release.state == State.DEPLOYING:
        return _under_way(release, binding, snapshot.now)
    facts = await _facts(snapshot, loaded, service, binding)
    clearance = judge_clearance(facts)
    own = await _own_override(snapshot, release, asked.person, clearance)
    if not clearance.allowed or own:
        reasons = [*await _reasons(snapshot, service, clearance.obstacles), *own]
        decision = decide(release.state, clearance.obstacles) if clearance.obstacles else PipelineDecision.AWAITING
        return _stopped(facts, release, decision, reasons, clearance.next_allowed)
    if isinstance(snapshot, Transaction):
        stops = [WouldStop(one.code, one.key, one.text) for one in clearance.observed]
        await record_observed_stops(snapshot, release, PIPELINE, stops)
    until = answer_holds_until(facts, await _overrides_end(snapshot, release, clearance))
    return _allowed(facts, release, binding, until)


def invalid(code: AnswerCode, text: str, release: Release | None = None) -> Evaluation:
    reason = PipelineReason(code=code, text=text)
    return Evaluation(decision=PipelineDecision.INVALID, said=text, reasons=(reason,), release=release)


async def meant_release(snapshot: Snapshot, service: Service, asked: AskedDeployment) -> Release | None:
    """The release of the service that is named, or else the one that is nearest its turn."""
    found = await _release_meant(snapshot, service, asked)
    return found if isinstance(found, Release) else None


async def _release_meant(snapshot: Snapshot, service: Service, asked: AskedDeployment) -> Release | Evaluation:
    if asked.release:
        try:
            release, rest = await find_release(snapshot.session, asked.release)
        except NotFound as unknown:
            return invalid(AnswerCode.UNKNOWN_RELEASE, unknown.asking)
        if rest or release.service != service.key:
            return invalid(AnswerCode.UNKNOWN_RELEASE, f"{asked.release} is no release of {service.name}.")
        return release
    found = await _open_releases(snapshot, service)
    chosen = choose_release(found, asked.deployed, snapshot.now)
    if chosen is None:
        text = f"No release of {service.name} is open. Request one with /release request."
        return Evaluation(
            decision=PipelineDecision.PREVENTED,
            said=text,
            reasons=(PipelineReason(code=AnswerCode.NO_RELEASE, text=text),),
        )
    return await snapshot.session.get_one(Release, chosen.id)


async def _open_releases(snapshot: Snapshot, service: Service) -> list[ReleaseInTurn]:
    session, now = snapshot.session, snapshot.now
    query = select(Release).where(Release.service == service.key, col(Release.state).in_(OPEN_STATES))
    rows = (await session.exec(query.order_by(col(Release.window_start).desc()).limit(READ_AT_MOST))).all()
    ids = [row.id for row in rows]
    versions: dict[int, dict[str, str]] = {}
    nodes = select(PackageNode).where(col(PackageNode.release_id).in_(ids), col(PackageNode.what) == NodeType.ITEM)
    for node in (await session.exec(nodes)).all():
        versions.setdefault(node.release_id, {})[node.key] = node.version
    builds = select(Build.release_id, Build.artefact).where(col(Build.release_id).in_(ids)).order_by(col(Build.id))
    artefacts = dict((await session.exec(builds)).all())
    return [
        ReleaseInTurn(
            id=row.id,
            state=row.state,
            start=row.window_start,
            end=window_end(row),
            goes_now=row.type == EMERGENCY
            and row.approved_at is not None
            and now < window_end(row) + EMERGENCY_GRACE,
            versions=versions.get(row.id, {}),
            artefact=artefacts.get(row.id, ""),
        )
        for row in rows
    ]


async def _approved_content(session: AsyncSession, release: Release) -> ApprovedContent:
    """The package, and the latest build: after a go there is no other."""
    nodes = select(PackageNode.key, PackageNode.version).where(
        col(PackageNode.release_id) == release.id, col(PackageNode.what) == NodeType.ITEM
    )
    versions = dict((await session.exec(nodes)).all())
    build = await latest_build(session, release.id)
    return ApprovedContent(
        versions=versions, revision=build.revision if build else "", artefact=build.artefact if build else ""
    )


async def _facts(snapshot: Snapshot, loaded: LoadedRelease, service: Service, binding: Binding) -> ClearanceFacts:
    """What a start looks at, and besides the releases that another pipeline was just cleared to deploy."""
    facts = await read_clearance_facts(
        snapshot,
        loaded,
        service,
        Asked.START,
        lacking=await gate_lacks(snapshot, loaded),
        difference=binding.difference,
    )
    cleared = await _just_cleared(snapshot, loaded)
    known = {one.identifier for one in facts.under_way}
    return replace(facts, under_way=(*facts.under_way, *(one for one in cleared if one.identifier not in known)))


async def _just_cleared(snapshot: Snapshot, loaded: LoadedRelease) -> Sequence[DeploymentUnderWay]:
    query = (
        select(Release)
        .join(PipelineClearance, col(PipelineClearance.release_id) == col(Release.id))
        .where(
            col(PipelineClearance.decision) == PipelineDecision.ALLOWED,
            col(PipelineClearance.holds_until) > snapshot.now,
            col(Release.id) != loaded.id,
            col(Release.state).in_(PREPARING),
            col(Release.service).in_(with_needed(loaded.catalog, loaded.release.service)),
        )
        .distinct()
        .order_by(col(Release.id))
    )
    rows = (await snapshot.session.exec(query)).all()
    return [DeploymentUnderWay(row.identifier, loaded.catalog.service_name(row.service)) for row in rows]


async def _reasons(snapshot: Snapshot, service: Service, obstacles: Sequence[Obstacle]) -> list[PipelineReason]:
    reasons = []
    for one in obstacles:
        roles = roles_that_answer(service, one.roles)
        people = await holder_names(snapshot.session, service, roles) if roles else ""
        reasons.append(
            PipelineReason(
                code=one.code.value,
                key=one.key,
                text=one.text,
                hard=one.hard,
                opens=one.opens,
                roles=one.roles,
                people=people,
            )
        )
    return reasons


async def _own_override(
    snapshot: Snapshot, release: Release, person: str, clearance: Clearance
) -> list[PipelineReason]:
    """Whoever overrides doesn't deploy, through a pipeline neither."""
    if not person or not clearance.passed:
        return []
    rows = await overrides_in_force(snapshot.session, release, snapshot.now)
    opened = [(one.by, _opened(one)) for one in rows if one.kind == OVERRIDE]
    if not opened_only_by(person, [one.name for one in clearance.passed], opened):
        return []
    called = await name_of(snapshot.session, person)
    text = f"{called} overrode what stood in the way, so somebody else has to start this deployment."
    return [PipelineReason(code=AnswerCode.OWN_OVERRIDE, text=text)]


async def _overrides_end(snapshot: Snapshot, release: Release, clearance: Clearance) -> list[datetime]:
    needed = {one.name for one in clearance.passed}
    rows = await overrides_in_force(snapshot.session, release, snapshot.now)
    return [one.until for one in rows if not needed.isdisjoint(_opened(one))]


def _opened(row: Override) -> frozenset[tuple[str, str]]:
    return frozenset((one["code"], one["key"]) for one in row.obstacles)


def _under_way(release: Release, binding: Binding, now: datetime) -> Evaluation:
    """A deployment that is under way goes on, also when its window ends: only another version stops it."""
    if binding.difference:
        reason = PipelineReason(code=Code.VERSION, key=binding.difference, text=binding.difference)
        said = f"{release.identifier} can't be deployed like this. {binding.difference}"
        return Evaluation(decision=PipelineDecision.PREVENTED, said=said, reasons=(reason,), release=release)
    return Evaluation(
        decision=PipelineDecision.ALLOWED,
        said=f"{release.identifier} is being deployed, so this may go ahead. {_bound_words(release, binding)}",
        release=release,
        bound_to=binding.bound_to,
        holds_until=now + LONGEST,
    )


def _allowed(facts: ClearanceFacts, release: Release, binding: Binding, until: datetime) -> Evaluation:
    said = f"{release.identifier} may be deployed until {say_moment(until, facts.zone)}."
    return Evaluation(
        decision=PipelineDecision.ALLOWED,
        said=f"{said} {_bound_words(release, binding)}",
        release=release,
        bound_to=binding.bound_to,
        next_allowed=facts.now,
        holds_until=until,
    )


def _bound_words(release: Release, binding: Binding) -> str:
    if binding.bound_to is Bound.NOTHING:
        return f"Nothing says which version {release.identifier} brings, so this holds for any."
    return f"This holds for the {binding.bound_to} that was approved."


def _stopped(
    facts: ClearanceFacts,
    release: Release,
    decision: PipelineDecision,
    reasons: Sequence[PipelineReason],
    next_allowed: datetime | None,
) -> Evaluation:
    waits = decision is PipelineDecision.AWAITING
    outcome = "has to wait" if waits else "can't be deployed like this"
    parts = [f"{release.identifier} {outcome}."]
    parts += [f"{one.text} {one.people} can settle that." if one.people else one.text for one in reasons]
    if waits and next_allowed and next_allowed > facts.now:
        parts.append(f"Next allowed time: {say_moment(next_allowed, facts.zone)}.")
    return Evaluation(
        decision=decision,
        said=" ".join(parts),
        reasons=tuple(reasons),
        release=release,
        next_allowed=next_allowed if waits else None,
    )

"""Answers as they are kept: judged again, written down, and told to people and tools."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models.catalog.document import Catalog, Service
from models.lifecycle.tables.pipelines import PipelineClearance
from models.lifecycle.tables.release import Release
from models.pipelines.answer import PipelineAnswer, PipelineReason
from models.pipelines.binding import Deployed
from models.pipelines.callbacks import callback_to_send, drop_overtaken
from models.pipelines.decision import AnswerCode, PipelineDecision
from models.pipelines.evaluate import AskedDeployment, Evaluation, evaluate, invalid
from models.pipelines.events import ClearanceGiven, ClearanceWithheld
from models.pipelines.question import ClearanceQuestion, Tool
from models.pipelines.telling import TOLD_ONLY_BY_CALLBACK, WAITS, is_final, is_told
from models.releases.policy.surroundings import plan_in_turn
from models.unit_of_work import Transaction


def new_clearance(service: str, question: ClearanceQuestion, person: str, now: datetime) -> PipelineClearance:
    """A question that isn't answered yet, to be added."""
    callback = question.callback
    return PipelineClearance(
        token=f"c-{secrets.token_urlsafe(16)}",
        service=service,
        tool=question.tool.value,
        reference=stored_reference(question),
        environment=question.environment,
        item=question.item,
        version=question.version,
        digest=question.digest,
        commit=question.commit,
        run_url=question.run_url,
        actor=question.actor,
        person=person,
        named_release=question.release,
        decision="",
        reasons=[],
        asked_at=now,
        answered_at=now,
        waits_until=now + WAITS[question.tool],
        callback={**callback.details, "url": callback.url} if callback else {},
        bearer=callback.bearer if callback else "",
    )


def stored_reference(question: ClearanceQuestion) -> str:
    return f"{question.tool.value}:{question.reference}"


async def take_turn(tx: Transaction, catalog: Catalog, service: Service, release_id: int | None) -> None:
    """Of two that ask or act at once, for one release or for services that are related, the second waits here.

    The release comes first, as wherever somebody acts on one; what was read of it before is read again.
    """
    if release_id is not None:
        await tx.lock(Release, release_id)
    await plan_in_turn(tx, catalog, service.key)
    tx.session.expire_all()


async def look_again(tx: Transaction, clearance_id: int) -> None:
    """Judge the question again, and have its tool told what has changed."""
    catalog = await tx.catalog()
    known = await tx.session.get_one(PipelineClearance, clearance_id)
    service = catalog.by_key.get(known.service)
    if service is not None:
        await take_turn(tx, catalog, service, known.release_id)
    row = await tx.session.get_one(PipelineClearance, clearance_id, with_for_update=True, populate_existing=True)
    if row.decision == PipelineDecision.AWAY or is_told_for_good(row):
        return
    if service is None:
        text = f"The service {row.service} is no longer in the catalog."
        found = invalid(AnswerCode.UNKNOWN_SERVICE, text)
    else:
        found = await evaluate(tx, catalog, service, asked_of(row))
    await answer_now(tx, service, row, found)


def asked_of(row: PipelineClearance) -> AskedDeployment:
    deployed = Deployed(row.item, row.version, row.digest, row.commit)
    return AskedDeployment(deployed=deployed, release=row.named_release, person=row.person)


async def answer_of(tx: Transaction, row: PipelineClearance) -> PipelineAnswer:
    release = await tx.session.get(Release, row.release_id) if row.release_id else None
    return PipelineAnswer(
        decision=PipelineDecision(row.decision),
        said=row.said,
        token=row.token,
        service=row.service,
        environment=row.environment,
        release=release.identifier if release else "",
        release_id=row.release_id,
        reasons=tuple(row.reasons),
        bound_to=row.bound_to,
        next_allowed=row.next_allowed,
        holds_until=row.holds_until,
        answered_at=row.answered_at,
    )


def is_told_for_good(row: PipelineClearance) -> bool:
    """Its tool has its decision, and takes no other."""
    return not row.waiting and Tool(row.tool) in TOLD_ONLY_BY_CALLBACK and bool(row.callback)


@dataclass(frozen=True, slots=True)
class _Before:
    """The answer that was there before this one."""

    decision: str
    codes: tuple[str, ...]
    release_id: int | None

    @property
    def stopped(self) -> bool:
        return self.decision in (PipelineDecision.AWAITING, PipelineDecision.PREVENTED)


async def answer_now(tx: Transaction, service: Service | None, row: PipelineClearance, found: Evaluation) -> None:
    """Write the answer down, and have people and the tool told what they have to know."""
    before = _before(row)
    _write(row, found, tx.now)
    changed = _before(row) != before
    if changed and service is not None and found.release is not None:
        await _record(tx, service, row, found, before)
    if row.callback:
        await _tell(tx, row, first=not before.decision, changed=changed and bool(before.decision))


def _before(row: PipelineClearance) -> _Before:
    return _Before(row.decision, tuple(one["code"] for one in row.reasons), row.release_id)


def _write(row: PipelineClearance, found: Evaluation, now: datetime) -> None:
    row.decision = found.decision.value
    row.said = found.said
    row.reasons = [one.as_stored() for one in found.reasons]
    row.release_id = found.release.id if found.release else None
    row.round = found.release.round if found.release else 0
    row.bound_to = found.bound_to.value if found.bound_to else ""
    row.next_allowed = found.next_allowed
    row.holds_until = found.holds_until
    row.answered_at = now


async def _record(
    tx: Transaction, service: Service, row: PipelineClearance, found: Evaluation, before: _Before
) -> None:
    release = found.release
    if release is None:
        return
    about = {
        "subject": release.id,
        "release_id": release.id,
        "identifier": release.identifier,
        "channel": service.channel,
        "clearance": row.id,
        "grounds": row.said,
    }
    if found.decision is PipelineDecision.ALLOWED:
        given = ClearanceGiven(**about, round=row.round, bound_to=row.bound_to, told_before=before.stopped)  # type: ignore[arg-type]
        tx.record(given)
        return
    first = await _is_first_stop(tx, row)
    row.stopped_at = row.stopped_at or tx.now
    codes = tuple(one.code for one in found.reasons)
    tx.record(
        ClearanceWithheld(**about, round=row.round, decision=row.decision, codes=codes, first=first)  # type: ignore[arg-type]
    )


async def _is_first_stop(tx: Transaction, row: PipelineClearance) -> bool:
    """A thread tells once a round that a pipeline was stopped, however many ask."""
    query = select(PipelineClearance.id).where(
        col(PipelineClearance.release_id) == row.release_id,
        col(PipelineClearance.round) == row.round,
        col(PipelineClearance.stopped_at).is_not(None),
    )
    return (await tx.session.exec(query.limit(1))).first() is None


async def _tell(tx: Transaction, row: PipelineClearance, *, first: bool, changed: bool) -> None:
    gave_up = not is_final(row.decision) and row.waits_until is not None and tx.now >= row.waits_until
    if gave_up:
        text = f"Nobody opened it in time. Ask again. {row.said}"
        reason = PipelineReason(code=AnswerCode.GAVE_UP, text="Nobody opened it in time.")
        row.reasons = [*row.reasons, reason.as_stored()]
        row.said = text
    since = tx.now - row.told_at if row.told_at else None
    final = gave_up or is_final(row.decision)
    if gave_up or is_told(
        Tool(row.tool), row.decision, first=first, changed=changed, told=row.told, since_told=since
    ):
        row.told += 1
        row.told_at = tx.now
        await drop_overtaken(tx.session, row.id)
        tx.session.add(callback_to_send(row, await answer_of(tx, row), tx.now, final=final))
    row.waiting = not final
    if final and Tool(row.tool) in TOLD_ONLY_BY_CALLBACK:
        row.bearer = ""

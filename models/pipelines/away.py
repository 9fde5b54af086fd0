"""Pipelines that went ahead because they couldn't reach Release Desk, and say so later: broken glass."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from models.catalog.document import Catalog, Service
from models.deployments.report import parse_moment
from models.errors import Invalid
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.clearance import GLASS, Override
from models.lifecycle.tables.pipelines import PipelineClearance
from models.lifecycle.tables.release import Release
from models.pipelines.answer import PipelineReason
from models.pipelines.answer_rows import new_clearance
from models.pipelines.ask import PIPELINE_ASKING, NotTheirSecret
from models.pipelines.binding import Deployed
from models.pipelines.decision import PipelineDecision
from models.pipelines.evaluate import AskedDeployment, meant_release
from models.pipelines.events import DeskPassedBy, DeskPassedByWithoutRelease
from models.pipelines.formats.generic import read_question
from models.pipelines.question import ClearanceQuestion
from models.text import clean
from models.unit_of_work import Transaction, UnitOfWork

OLDEST = timedelta(days=90)
"""How late a pipeline may say so."""

CODE = "desk_away"
"""What the override of such a deployment opened."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AwayNote:
    """``question`` is what the pipeline would have asked, ``at`` when it went ahead."""

    question: ClearanceQuestion
    reason: str
    at: datetime


def read_away_note(body: Mapping[str, Any]) -> AwayNote:
    """The fields of a question, with ``id``, ``reason`` and ``at``. Raises :class:`~models.errors.Invalid`."""
    problems: dict[str, str] = {}
    reason, at = body.get("reason"), parse_moment(body.get("at"))
    if not isinstance(body.get("id"), str) or not body.get("id"):
        problems["id"] = "The field id is missing."
    if at is None:
        problems["at"] = "The field at has to be a moment such as 2026-11-24T09:00:00Z."
    try:
        reason = check_reason(clean(reason) if isinstance(reason, str) else "")
    except Invalid as wrong:
        problems |= wrong.problems
    try:
        question = read_question({name: value for name, value in body.items() if name != "callback_url"})
    except Invalid as wrong:
        raise Invalid(problems | wrong.problems) from None
    if problems or at is None:
        raise Invalid(problems)
    return AwayNote(question=question, reason=str(reason), at=at)


async def record_away(work: UnitOfWork, note: AwayNote, services: Collection[str]) -> bool:
    """Write down that a deployment went past the desk. Returns whether it was new: the same id counts once.

    Raises :class:`~models.pipelines.ask.NotTheirSecret`, and :class:`~models.errors.Invalid` for a service that
    isn't in the catalog or a moment that is too long ago or still ahead.
    """
    async with work(PIPELINE_ASKING) as tx:
        if note.question.service not in services:
            raise NotTheirSecret(f"This secret is not that of the service {note.question.service}.")
        catalog = await tx.catalog()
        service = catalog.by_key.get(note.question.service)
        if service is None:
            raise Invalid({"service": f"No service in the catalog has the key {note.question.service}."})
        if note.at > tx.now + timedelta(minutes=5) or tx.now - note.at > OLDEST:
            raise Invalid({"at": f"The field at has to be within the last {OLDEST.days} days."})
        if not await tx.once("desk_away", f"{service.key}:{note.question.reference}"):
            return False
        known = select(PipelineClearance.id).where(
            PipelineClearance.service == service.key, PipelineClearance.reference == _reference(note)
        )
        if (await tx.session.exec(known)).first() is not None:
            return False
        await _record(tx, catalog, service, note)
        return True


async def _record(tx: Transaction, catalog: Catalog, service: Service, note: AwayNote) -> None:
    question = note.question
    person = catalog.people_by_actor.get(question.actor.casefold(), "")
    deployed = Deployed(question.item, question.version, question.digest, question.commit)
    asked = AskedDeployment(deployed=deployed, release=question.release, person=person)
    release = await meant_release(tx, service, asked)
    row = new_clearance(service.key, question, person, tx.now)
    text = f"Release Desk couldn't be reached, so it was deployed without clearance: {note.reason}"
    row.reference = _reference(note)
    row.decision, row.said = PipelineDecision.AWAY.value, text
    row.reasons = [PipelineReason(code=CODE, text=text).as_stored()]
    row.asked_at = min(note.at, tx.now)
    row.waits_until = None
    row.release_id, row.round = (release.id, release.round) if release else (None, 0)
    tx.session.add(row)
    await tx.session.flush()
    holders = [one for role in service.policy.override_by for one in service.holders(role)]
    mentions = tuple(dict.fromkeys(holders))
    if release is None:
        tx.record(
            DeskPassedByWithoutRelease(
                subject=row.id, clearance=row.id, channel=service.channel, mentions=mentions, grounds=note.reason
            )
        )
        return
    _break_glass(tx, release, note, person)
    tx.record(
        DeskPassedBy(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            channel=service.channel,
            grounds=note.reason,
            clearance=row.id,
            mentions=mentions,
        )
    )


def _reference(note: AwayNote) -> str:
    return f"away:{note.question.reference}"


def _break_glass(tx: Transaction, release: Release, note: AwayNote, person: str) -> None:
    """It opens nothing any more: it says what happened, and counts against adoption."""
    at = min(note.at, tx.now)
    tx.session.add(
        Override(
            release_id=release.id,
            round=release.round,
            kind=GLASS,
            by=person or PIPELINE_ASKING.person,
            at=at,
            reason=note.reason,
            obstacles=[{"code": CODE, "key": "", "text": "Release Desk couldn't be reached."}],
            until=at,
            ended_at=tx.now,
        )
    )

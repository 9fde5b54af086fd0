"""Asking for clearance, and asking again."""

from collections.abc import Collection

from sqlmodel import select

from models.catalog.document import Catalog, Service
from models.deployments.production import is_production, services_of_repository
from models.errors import DomainError, NotFound
from models.events import Actor
from models.lifecycle.tables.pipelines import PipelineClearance
from models.pipelines.answer import PipelineAnswer, PipelineReason
from models.pipelines.answer_rows import (
    answer_now,
    answer_of,
    is_told_for_good,
    look_again,
    new_clearance,
    stored_reference,
    take_turn,
)
from models.pipelines.binding import Deployed
from models.pipelines.callbacks import refusal_to_send
from models.pipelines.decision import AnswerCode, PipelineDecision
from models.pipelines.evaluate import AskedDeployment, Evaluation, evaluate, invalid, meant_release
from models.pipelines.question import ClearanceQuestion
from models.pipelines.telling import TOLD_ONLY_BY_CALLBACK, WAITS
from models.unit_of_work import Transaction, UnitOfWork

PIPELINE_ASKING = Actor(person="system", surface="hook")
"""Pipelines have no Slack id."""


class NotTheirSecret(DomainError):
    """The secret that was shown is another service's."""


async def ask_clearance(
    work: UnitOfWork, question: ClearanceQuestion, services: Collection[str] | None
) -> PipelineAnswer:
    """The answer at this moment. The same ``reference`` again is the same question, judged again.

    ``services`` are those whose secret was shown; None for a tool that speaks for all. An answer about something
    else than production, or to a question that can't be answered, isn't kept. Raises :class:`NotTheirSecret`.
    """
    async with work(PIPELINE_ASKING) as tx:
        catalog = await tx.catalog()
        service = _service_asked(catalog, question, services)
        if service is None:
            named = question.repository or question.service
            return await _unkept(tx, question, "", _unknown_service(question, named))
        asked = AskedDeployment(
            deployed=Deployed(question.item, question.version, question.digest, question.commit),
            release=question.release,
            person=catalog.people_by_actor.get(question.actor.casefold(), ""),
        )
        meant = await meant_release(tx, service, asked)
        await take_turn(tx, catalog, service, meant.id if meant else None)
        row = await _earlier(tx, service, question)
        if row is not None and (wrong := _differs(row, question)):
            return await _unkept(tx, question, service.key, wrong)
        if row is None and not is_production(catalog, service, question.environment):
            return await _unkept(tx, question, service.key, _not_production(service, question))
        if row is not None and is_told_for_good(row):
            return await answer_of(tx, row)
        if row is not None:
            row.waits_until = tx.now + WAITS[question.tool]
        found = await evaluate(tx, catalog, service, asked)
        if row is None:
            if found.decision is PipelineDecision.INVALID:
                return await _unkept(tx, question, service.key, found)
            row = new_clearance(service.key, question, asked.person, tx.now)
            tx.session.add(row)
            await tx.session.flush()
        await answer_now(tx, service, row, found)
        return await answer_of(tx, row)


async def poll_clearance(work: UnitOfWork, token: str, services: Collection[str]) -> PipelineAnswer:
    """The answer at this moment to a question that was asked before.

    Raises :class:`~models.errors.NotFound` for one that isn't there or is another service's.
    """
    async with work(PIPELINE_ASKING) as tx:
        query = select(PipelineClearance).where(PipelineClearance.token == token)
        row = (await tx.session.exec(query)).first()
        if row is None or row.service not in services:
            raise NotFound(f"There is no question with the id {token}.")
        await look_again(tx, row.id)
        return await answer_of(tx, row)


def _service_asked(
    catalog: Catalog, question: ClearanceQuestion, services: Collection[str] | None
) -> Service | None:
    if not question.repository:
        if services is not None and question.service not in services:
            raise NotTheirSecret(f"This secret is not that of the service {question.service}.")
        return catalog.by_key.get(question.service)
    known = services_of_repository(catalog, question.repository)
    if services is not None:
        known = tuple(one for one in known if one.key in services)
    ranked = sorted(known, key=lambda one: not is_production(catalog, one, question.environment))
    owning = [one for one in ranked if any(item.key == question.item for item in one.configuration_items)]
    return next(iter(owning or ranked), None)


async def _earlier(tx: Transaction, service: Service, question: ClearanceQuestion) -> PipelineClearance | None:
    """The row of the same question."""
    query = select(PipelineClearance).where(
        PipelineClearance.service == service.key, PipelineClearance.reference == stored_reference(question)
    )
    return (await tx.session.exec(query.with_for_update())).first()


def _differs(row: PipelineClearance, question: ClearanceQuestion) -> Evaluation | None:
    """An id names one question for good: an answer to one must never pass for another."""
    asked = (question.environment, question.item, question.version, question.digest, question.commit)
    known = (row.environment, row.item, row.version, row.digest, row.commit)
    if (*asked, question.release) == (*known, row.named_release):
        return None
    text = "This id was used for another question. Ask with an id of its own, or without one."
    return invalid(AnswerCode.OTHER_QUESTION, text)


def _unknown_service(question: ClearanceQuestion, named: str) -> Evaluation:
    what = "deploys from the repository" if question.repository else "has the key"
    return invalid(AnswerCode.UNKNOWN_SERVICE, f"No service in the catalog {what} {named}.")


def _not_production(service: Service, question: ClearanceQuestion) -> Evaluation:
    text = f"{question.environment} is no production environment of {service.name}, so nothing guards it."
    return Evaluation(
        decision=PipelineDecision.ALLOWED,
        said=text,
        reasons=(PipelineReason(code=AnswerCode.NOT_PRODUCTION, text=text, hard=False),),
    )


async def _unkept(tx: Transaction, question: ClearanceQuestion, service: str, found: Evaluation) -> PipelineAnswer:
    answer = PipelineAnswer(
        decision=found.decision,
        said=found.said,
        service=service or question.service,
        environment=question.environment,
        release=found.release.identifier if found.release else "",
        release_id=found.release.id if found.release else None,
        reasons=tuple(one.as_stored() for one in found.reasons),
    )
    if question.callback is not None and question.tool in TOLD_ONLY_BY_CALLBACK:
        tx.session.add(refusal_to_send(question.tool, question.callback, answer, tx.now))
    return answer

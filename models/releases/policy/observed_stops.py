"""Whom the rules on trial would have stopped: written down once for each step (docs/process.md#rules-on-trial)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.events import ReleaseEvent
from models.lifecycle.tables.findings import ObservedStop
from models.lifecycle.tables.release import Release
from models.releases.policy.rules.findings import Finding, Weight
from models.unit_of_work import Transaction

REQUEST, EDIT, APPROVAL, GO, START, PIPELINE = "request", "edit", "approval", "go", "start", "pipeline"
"""The steps at which a rule can stop somebody."""


@dataclass(frozen=True, slots=True)
class WouldStop:
    """``rule`` is the name of a rule of policy, or the code of an obstacle."""

    rule: str
    key: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class StopObserved(ReleaseEvent):
    """A rule on trial would have stopped ``person`` at ``step``; the grounds say why."""

    tag: ClassVar[str] = "release:rule_on_trial"

    rule: str
    key: str
    step: str
    person: str


async def record_observed_stops(tx: Transaction, release: Release, step: str, stops: Iterable[WouldStop]) -> None:
    """Write down what would have stopped the actor at ``step`` of this round, unless it is written down already.

    The release is locked by whoever takes the step.
    """
    found = {(one.rule, one.key): one for one in stops}
    if not found:
        return
    query = select(ObservedStop.rule, ObservedStop.key).where(
        col(ObservedStop.subject) == release.identifier,
        col(ObservedStop.round) == release.round,
        col(ObservedStop.step) == step,
    )
    for name in (await tx.session.exec(query)).all():
        found.pop((name[0], name[1]), None)
    for one in found.values():
        tx.session.add(
            ObservedStop(
                service=release.service,
                subject=release.identifier,
                release_id=release.id,
                round=release.round,
                step=step,
                rule=one.rule,
                key=one.key,
                sentence=one.sentence,
                person=tx.actor.person,
                at=tx.now,
            )
        )
        tx.record(
            StopObserved(
                subject=release.id,
                release_id=release.id,
                identifier=release.identifier,
                grounds=one.sentence,
                rule=one.rule,
                key=one.key,
                step=step,
                person=tx.actor.person,
            )
        )


async def observed_stops_of(session: AsyncSession, release_id: int, round_: int) -> Sequence[ObservedStop]:
    """What would have stopped somebody in this round, in the order in which it came up."""
    query = select(ObservedStop).where(
        col(ObservedStop.release_id) == release_id, col(ObservedStop.round) == round_
    )
    return (await session.exec(query.order_by(col(ObservedStop.id)))).all()


def refused_but_for_trial(findings: Iterable[Finding]) -> list[WouldStop]:
    """What would have refused a request or an edit."""
    return [WouldStop(one.rule, one.key, one.sentence) for one in findings if one.would == Weight.HARD]

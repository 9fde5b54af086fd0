"""Whom the rules on trial would have stopped in a period (docs/process.md#rules-on-trial)."""

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.kpi.periods import Stretch
from models.kpi.queries import in_services
from models.lifecycle.tables.findings import ObservedStop


@dataclass(frozen=True, slots=True)
class RuleOnTrial:
    """``stopped`` are the identifiers of what it would have stopped, each once."""

    rule: str
    service_name: str
    stopped: tuple[str, ...]


async def rules_on_trial(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...], period: Stretch
) -> tuple[RuleOnTrial, ...]:
    """The rules that services try out now, and those that they tried out in ``period`` and that would have stopped
    somebody; no ``services`` means all."""
    found: dict[tuple[str, str], dict[str, None]] = {
        (one.key, rule): {}
        for one in catalog.services
        if not services or one.key in services
        for rule in one.policy.observe
    }
    query = (
        select(ObservedStop.service, ObservedStop.rule, ObservedStop.subject)
        .where(
            col(ObservedStop.at) >= period.start,
            col(ObservedStop.at) < period.end,
            *in_services(ObservedStop.service, services),
        )
        .order_by(col(ObservedStop.id))
    )
    for service, rule, subject in (await session.exec(query)).all():
        found.setdefault((service, rule), {})[subject] = None
    rules = [RuleOnTrial(rule, catalog.service_name(key), tuple(stopped)) for (key, rule), stopped in found.items()]
    return tuple(sorted(rules, key=lambda one: -len(one.stopped)))

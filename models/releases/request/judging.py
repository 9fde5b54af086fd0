"""What policy says about a request that is made or edited, and what that refuses."""

from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import Catalog
from models.errors import Invalid
from models.lifecycle.tables.release import Release
from models.releases.policy.judge import judge
from models.releases.policy.rules.facts import PolicyFacts
from models.releases.policy.rules.findings import Finding, by_field
from models.releases.policy.rules.risk import Risk, reckon_risk
from models.releases.policy.surroundings import items_of_release, plan_in_turn, surroundings
from models.releases.request.form import CheckedRequest
from models.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class Judged:
    findings: list[Finding]
    risk: Risk


async def judge_in_turn(
    tx: Transaction,
    catalog: Catalog,
    request: CheckedRequest,
    requester: str,
    requested_at: datetime,
    release_id: int = 0,
    authors: frozenset[str] = frozenset(),
) -> Judged:
    """Wait for one's turn to plan, then judge the request; ``release_id`` is the release that it edits.

    ``authors`` are the requesters of its round.

    The turn lasts until the end of the transaction.
    """
    await plan_in_turn(tx, catalog, request.service.key)
    facts = PolicyFacts(
        catalog=catalog,
        service=request.service,
        requester=requester,
        authors=authors,
        requested_at=requested_at,
        type=request.type,
        method=request.method,
        start=request.window_start,
        end=request.window_end,
        items=await items_of_release(tx.session, release_id) if release_id else request.items,
        changes=tuple(request.changes),
    )
    around = await surroundings(tx.session, facts, release_id, tx.now)
    return Judged(judge(facts, around), reckon_risk(facts, around))


def refuse_violations(findings: list[Finding]) -> None:
    """Raises :class:`~models.errors.Invalid` with the hard findings, each under its input."""
    problems = by_field(findings)
    if problems:
        raise Invalid(problems)


def lead_time_begins(edited: Release | None, type_name: str, start: datetime | None, now: datetime) -> datetime:
    """With the request, or now if an edit changes the type or asks for an earlier start."""
    if edited is None or start is None:
        return now
    counts_on = type_name == edited.type and start >= edited.window_start
    return edited.requested_at if counts_on else now

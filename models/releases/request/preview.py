"""What policy says of a request before it is made."""

from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import Catalog
from models.errors import Invalid
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.release import Release
from models.packages.item_input import read_items
from models.releases.policy.judge import judge
from models.releases.policy.proposals import Check, free_windows
from models.releases.policy.rules.facts import PolicyFacts
from models.releases.policy.rules.findings import Finding, by_field
from models.releases.policy.surroundings import items_of_release, plan_in_turn, surroundings
from models.releases.request.form import CheckedRequest
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RequestSoFar:
    """What is chosen in the form so far; ``release_id`` is the release that is edited, 0 for a new one.

    ``items`` is what is typed of configuration items; of a release that is edited its package counts instead.
    """

    service: str
    type: str
    method: str
    start: datetime | None
    end: datetime | None
    items: str = ""
    release_id: int = 0


async def preview(work: UnitOfWork, person: str, asked: RequestSoFar) -> Check | None:
    """What policy says while ``person`` fills in the form; nothing before the service is chosen."""
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        service = catalog.by_key.get(asked.service)
        if service is None:
            return None
        edited = await load_release(snapshot.session, asked.release_id) if asked.release_id else None
        facts = PolicyFacts(
            catalog=catalog,
            service=service,
            requester=edited.requester if edited else person,
            asked_at=asked_since(edited, asked.type, asked.start, snapshot.now),
            type=asked.type,
            method=asked.method,
            start=asked.start,
            end=asked.end,
            items=await items_of_release(snapshot.session, edited.id)
            if edited
            else tuple(read_items(asked.items, catalog.items_by_key)),
        )
        around = await surroundings(snapshot.session, facts, asked.release_id)
    return Check(tuple(judge(facts, around)), tuple(free_windows(facts, around)))


async def planned_findings(
    tx: Transaction,
    catalog: Catalog,
    request: CheckedRequest,
    requester: str,
    asked_at: datetime,
    release_id: int = 0,
) -> list[Finding]:
    """What policy says of a request that is about to be planned so; ``release_id`` is the release that it edits."""
    await plan_in_turn(tx, catalog, request.service.key)
    facts = PolicyFacts(
        catalog=catalog,
        service=request.service,
        requester=requester,
        asked_at=asked_at,
        type=request.type,
        method=request.method,
        start=request.window_start,
        end=request.window_end,
        items=await items_of_release(tx.session, release_id) if release_id else request.items,
    )
    return judge(facts, await surroundings(tx.session, facts, release_id))


def refuse_violations(findings: list[Finding]) -> None:
    """Raises :class:`~models.errors.Invalid` with the hard ones, each under the input that it belongs to."""
    problems = by_field(findings)
    if problems:
        raise Invalid(problems)


def asked_since(edited: Release | None, type_name: str, start: datetime | None, now: datetime) -> datetime:
    """When the lead time began: with the request, or now if an edit changes the type or starts earlier."""
    if edited is None or start is None:
        return now
    kept = type_name == edited.type and start >= edited.window_start
    return edited.requested_at if kept else now

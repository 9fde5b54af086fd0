"""What policy says about a request before it is made or edited."""

from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import Catalog
from models.errors import Invalid
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.release import Release
from models.packages.item_input import read_items
from models.releases.policy.free_windows import PolicyCheck, free_windows
from models.releases.policy.judge import judge
from models.releases.policy.rules.facts import PolicyFacts
from models.releases.policy.rules.findings import Finding, by_field
from models.releases.policy.surroundings import items_of_release, plan_in_turn, surroundings
from models.releases.request.form import CheckedRequest
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RequestDraft:
    """What is chosen in the form so far; ``release_id`` is the release that is edited, 0 for a new one.

    ``items`` are configuration items as text; for a release that is edited its package counts instead.
    """

    service: str
    type: str
    method: str
    start: datetime | None
    end: datetime | None
    items: str = ""
    release_id: int = 0


async def preview_request(work: UnitOfWork, person: str, draft: RequestDraft) -> PolicyCheck | None:
    """What policy says while ``person`` fills in the form; None before the service is chosen."""
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        service = catalog.by_key.get(draft.service)
        if service is None:
            return None
        edited = await load_release(snapshot.session, draft.release_id) if draft.release_id else None
        facts = PolicyFacts(
            catalog=catalog,
            service=service,
            requester=edited.requester if edited else person,
            requested_at=lead_time_begins(edited, draft.type, draft.start, snapshot.now),
            type=draft.type,
            method=draft.method,
            start=draft.start,
            end=draft.end,
            items=await items_of_release(snapshot.session, edited.id)
            if edited
            else tuple(read_items(draft.items, catalog.items_by_key)),
        )
        around = await surroundings(snapshot.session, facts, draft.release_id)
    return PolicyCheck(tuple(judge(facts, around)), tuple(free_windows(facts, around)))


async def planned_findings(
    tx: Transaction,
    catalog: Catalog,
    request: CheckedRequest,
    requester: str,
    requested_at: datetime,
    release_id: int = 0,
) -> list[Finding]:
    """What policy says about a request that is made or edited now; ``release_id`` is the release that it edits."""
    await plan_in_turn(tx, catalog, request.service.key)
    facts = PolicyFacts(
        catalog=catalog,
        service=request.service,
        requester=requester,
        requested_at=requested_at,
        type=request.type,
        method=request.method,
        start=request.window_start,
        end=request.window_end,
        items=await items_of_release(tx.session, release_id) if release_id else request.items,
    )
    return judge(facts, await surroundings(tx.session, facts, release_id))


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

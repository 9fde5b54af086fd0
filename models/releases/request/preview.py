"""What policy says about a request before it is made or edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import ReleaseType
from models.lifecycle.identifiers import load_release
from models.lifecycle.requesters import requesters_of
from models.packages.change_ids import parse_changes
from models.packages.item_input import read_items
from models.releases.policy.free_windows import PolicyCheck, free_windows
from models.releases.policy.judge import judge
from models.releases.policy.rules.facts import PolicyFacts
from models.releases.policy.rules.risk import Risk, reckon_risk
from models.releases.policy.surroundings import items_of_release, surroundings
from models.releases.request.judging import lead_time_begins
from models.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RequestDraft:
    """What is chosen in the form so far; ``release_id`` is the release that is edited, 0 for a new one.

    ``changes`` are the authorised changes and ``items`` the configuration items, as text; for a release that is
    edited its package counts instead of ``items``.
    """

    service: str
    type: str
    method: str
    start: datetime | None
    end: datetime | None
    items: str = ""
    changes: str = ""
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
            authors=await requesters_of(snapshot.session, edited) if edited else frozenset(),
            requested_at=lead_time_begins(edited, draft.type, draft.start, snapshot.now),
            type=draft.type,
            method=draft.method,
            start=draft.start,
            end=draft.end,
            items=await items_of_release(snapshot.session, edited.id)
            if edited
            else tuple(read_items(draft.items, catalog.items_by_key)),
            changes=tuple(parse_changes(draft.changes)[0]),
        )
        around = await surroundings(snapshot.session, facts, draft.release_id, snapshot.now)
    risk = reckon_risk(facts, around)
    return PolicyCheck(
        tuple(judge(facts, around)), tuple(free_windows(facts, around)), risk, _more_approvals(facts.kind, risk)
    )


def _more_approvals(kind: ReleaseType | None, risk: Risk) -> Mapping[str, int]:
    """What it takes at this risk, if that is more than usual."""
    needed = kind.approvals_at(risk.level) if kind else {}
    return needed if kind and needed != kind.approvals else {}

"""A requested release that somebody decides on.

Approving is what happens most, often many at once, so the release, the decisions so far and the catalog's revision
are read in one statement.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlmodel import col, func

from models.catalog.document import Catalog, ReleaseType, Service
from models.catalog.revisions import CatalogRevision
from models.errors import NotFound, Refused
from models.lifecycle import lifecycle
from models.lifecycle.access import check_round
from models.lifecycle.lifecycle import Verb
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import APPROVED
from models.releases.approval.progress import ApprovalProgress, quorum_progress
from models.storage.prepared_statements import Prepared
from models.unit_of_work import Snapshot


class _Row(NamedTuple):
    """A release with one decision of its round; a release without decisions is one row without a person."""

    identifier: str
    service: str
    type: str
    state: str
    round: int
    requester: str
    window_start: datetime
    person: str | None
    verdict: str
    roles: list[str]
    standing_in_for: str | None
    revision: int | None


class PersonsDecision(NamedTuple):
    """What one person decided in the round."""

    person: str
    verdict: str
    roles: tuple[str, ...]
    standing_in_for: str


@dataclass(frozen=True, slots=True)
class DecisionCase:
    """A release that somebody decides on, with the decisions of its round."""

    id: int
    identifier: str
    service: Service
    catalog: Catalog
    type: ReleaseType
    type_name: str
    state: str
    round: int
    requester: str
    window_start: datetime
    decisions: tuple[PersonsDecision, ...]

    @property
    def progress(self) -> ApprovalProgress:
        return quorum_progress(self.type.approvals, self.decisions, self.requester)

    def has_decided(self, person: str, verdict: str) -> bool:
        return any(one.person == person and one.verdict == verdict for one in self.decisions)


_LATEST = select(func.max(CatalogRevision.id)).scalar_subquery()

_READ = Prepared(
    select(
        col(Release.identifier),
        col(Release.service),
        col(Release.type),
        col(Release.state),
        col(Release.round),
        col(Release.requester),
        col(Release.window_start),
        col(Decision.person),
        col(Decision.verdict),
        col(Decision.roles),
        col(Decision.standing_in_for),
        _LATEST.label("revision"),
    )
    .outerjoin(Decision, and_(col(Decision.release_id) == Release.id, col(Decision.round) == Release.round))
    .where(col(Release.id) == bindparam("release_id"))
)


async def read_case(
    snapshot: Snapshot, verb: Verb, release_id: int, round_: int, *, allow_repeat: bool = False
) -> DecisionCase:
    """Lock the release, in a transaction, and read what deciding needs.

    With ``allow_repeat`` the release may be approved already if the actor approved this round: they clicked twice.
    Raises :class:`~models.errors.Refused` when its state does not allow ``verb`` or the catalog no longer says who
    decides, :class:`~models.errors.Stale` when ``round_`` is over, :class:`~models.errors.NotFound`.
    """
    await snapshot.lock(Release, release_id)
    rows = [_Row(*row) for row in await snapshot.run(_READ, {"release_id": release_id})]
    if not rows:
        raise NotFound("This release is not in the database any more.")
    first = rows[0]
    if not (allow_repeat and _is_approved_with(rows, snapshot.actor.person)):
        lifecycle.check_state(verb, first.identifier, first.state)
    check_round(first.identifier, first.round, round_)
    catalog = await snapshot.catalog_at(first.revision or 0)
    service, kind = _terms(catalog, first)
    return DecisionCase(
        id=release_id,
        identifier=first.identifier,
        service=service,
        catalog=catalog,
        type=kind,
        type_name=first.type,
        state=first.state,
        round=first.round,
        requester=first.requester,
        window_start=first.window_start,
        decisions=tuple(
            PersonsDecision(row.person, row.verdict, tuple(row.roles), row.standing_in_for or "")
            for row in rows
            if row.person is not None
        ),
    )


def _is_approved_with(rows: list[_Row], person: str) -> bool:
    return rows[0].state == lifecycle.State.APPROVED and any(
        row.person == person and row.verdict == APPROVED for row in rows
    )


def _terms(catalog: Catalog, row: _Row) -> tuple[Service, ReleaseType]:
    service = catalog.by_key.get(row.service)
    kind = service.policy.types.get(row.type) if service else None
    if service is None or kind is None:
        raise Refused(
            f"The catalog no longer says who approves {row.type} releases of {row.service}, so {row.identifier} "
            "cannot be decided. Ask the process owner to put it back, or cancel the release."
        )
    return service, kind

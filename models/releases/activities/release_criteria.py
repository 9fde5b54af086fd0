"""The criteria of a release: those of its service, and the documents of its type (docs/process.md#criteria)."""

from sqlmodel import col, select

from models.catalog.document import Service
from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.release import Release
from models.releases.activities.gates import CRITERIA, ENTRY, EXIT, SETTLED_OUTCOMES
from models.unit_of_work import Transaction

DELIVERED = "Document delivered: "


def required_criteria(gate: str, service: Service | None, type_name: str) -> list[str]:
    """The criteria of a release of ``type_name`` at ``gate``; documents of the type are exit criteria."""
    if service is None:
        return []
    kind = service.policy.types.get(type_name)
    documents = kind.documents if kind and gate == EXIT else ()
    return [*getattr(service.criteria, gate), *(f"{DELIVERED}{name}" for name in documents)]


def add_criteria(tx: Transaction, release: Release, service: Service | None) -> None:
    """Copy the criteria that the catalog has now to ``release``."""
    for gate in CRITERIA:
        tx.session.add_all(
            Criterion(release_id=release.id, gate=gate, position=position, text=text)
            for position, text in enumerate(required_criteria(gate, service, release.type))
        )


async def exchange_document_criteria(tx: Transaction, release: Release, service: Service | None) -> None:
    """Replace open document criteria of another type by those of the release's own; what is settled stays."""
    query = select(Criterion).where(col(Criterion.release_id) == release.id, col(Criterion.gate) == EXIT)
    rows = (await tx.session.exec(query.order_by(col(Criterion.position)))).all()
    required = required_criteria(EXIT, service, release.type)
    for row in rows:
        if not row.outcome and row.text.startswith(DELIVERED) and row.text not in required:
            await tx.session.delete(row)
    known = {row.text for row in rows}
    new = [text for text in required if text.startswith(DELIVERED) and text not in known]
    start = max((row.position for row in rows), default=-1) + 1
    tx.session.add_all(
        Criterion(release_id=release.id, gate=EXIT, position=position, text=text)
        for position, text in enumerate(new, start)
    )
    await tx.session.flush()


async def has_open_criteria_before_deployment(tx: Transaction, release_id: int) -> bool:
    query = select(Criterion.id).where(
        col(Criterion.release_id) == release_id,
        col(Criterion.gate).in_((ENTRY, EXIT)),
        col(Criterion.outcome).not_in(SETTLED_OUTCOMES),
    )
    return (await tx.session.exec(query.limit(1))).first() is not None

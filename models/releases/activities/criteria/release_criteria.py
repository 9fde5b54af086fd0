"""The criteria of a release: those of its service, and the documents of its type (docs/process.md#criteria)."""

from collections.abc import Sequence

from sqlmodel import col, select

from models.catalog.document import Service
from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.release import Release
from models.releases.activities.gates import CRITERIA, EXIT, SETTLED_OUTCOMES
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
    rows = await _criteria_at(tx, release.id, EXIT)
    required = required_criteria(EXIT, service, release.type)
    for row in rows:
        if row.outcome not in SETTLED_OUTCOMES and row.text.startswith(DELIVERED) and row.text not in required:
            await tx.session.delete(row)
    _add_missing(tx, release.id, EXIT, rows, [text for text in required if text.startswith(DELIVERED)])
    await tx.session.flush()


async def renew_criteria(tx: Transaction, release: Release, service: Service | None) -> None:
    """Add the criteria that the catalog has by now, and drop open ones that it no longer has.

    What is settled stays, and so does everything once the catalog no longer has the type.
    """
    if service is None or release.type not in service.policy.types:
        return
    for gate in CRITERIA:
        required = required_criteria(gate, service, release.type)
        rows = await _criteria_at(tx, release.id, gate)
        for row in rows:
            if row.outcome not in SETTLED_OUTCOMES and row.text not in required:
                await tx.session.delete(row)
        _add_missing(tx, release.id, gate, rows, required)
    await tx.session.flush()


async def add_new_criteria(tx: Transaction, release_id: int, gate: str, texts: Sequence[str]) -> list[str]:
    """Add those of ``texts`` that the release doesn't have yet; returns them."""
    rows = await _criteria_at(tx, release_id, gate)
    return _add_missing(tx, release_id, gate, rows, texts)


def _add_missing(
    tx: Transaction, release_id: int, gate: str, rows: Sequence[Criterion], texts: Sequence[str]
) -> list[str]:
    known = {row.text for row in rows}
    new = [text for text in texts if text not in known]
    start = max((row.position for row in rows), default=-1) + 1
    tx.session.add_all(
        Criterion(release_id=release_id, gate=gate, position=position, text=text)
        for position, text in enumerate(new, start)
    )
    return new


async def _criteria_at(tx: Transaction, release_id: int, gate: str) -> Sequence[Criterion]:
    query = select(Criterion).where(col(Criterion.release_id) == release_id, col(Criterion.gate) == gate)
    return (await tx.session.exec(query.order_by(col(Criterion.position)))).all()

"""The rules of each round, with those of the present round of every release."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


_UNDECIDED = ("requested", "changes_requested", "expired")

_MATERIAL = {
    "title": "unless_spelling",
    "description": "unless_spelling",
    "type": "always",
    "changes": "always",
    "window": "always",
    "method": "always",
    "back_out_plan": "always",
    "package": "always",
}

_RELEASE = sa.table(
    "release",
    sa.column("id", sa.Integer),
    sa.column("service", sa.String),
    sa.column("type", sa.String),
    sa.column("state", sa.String),
    sa.column("round", sa.Integer),
    sa.column("state_since", sa.DateTime(timezone=True)),
    sa.column("approved_at", sa.DateTime(timezone=True)),
)

_REVISION = sa.table(
    "catalog_revision",
    sa.column("id", sa.Integer),
    sa.column("applied_at", sa.DateTime(timezone=True)),
    sa.column("document", sa.JSON),
)

Document = dict[str, Any]


def upgrade() -> None:
    rounds = op.create_table(
        "round",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("required", sa.JSON(), nullable=False),
        sa.Column("later", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("material", sa.JSON(), nullable=False),
        sa.Column("one_rejection_stops", sa.Boolean(), nullable=False),
        sa.Column("authors", _json(), nullable=False),
        sa.Column("risk", sa.String(), nullable=False),
        sa.Column("risk_factors", _json(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected", _json(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("release_id", "round"),
    )
    rows = list(_present_rounds(op.get_bind()))
    if rows:
        op.bulk_insert(rounds, rows)


def downgrade() -> None:
    op.drop_table("round")


def _present_rounds(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """What isn't decided gets the rules in force; everything else those of the day it was approved or stopped.

    A release whose type no revision has ever known gets no row.
    """
    revisions = connection.execute(sa.select(_REVISION.c.id, _REVISION.c.applied_at).order_by(_REVISION.c.id)).all()
    documents: dict[int, Document] = {}

    def document(number: int) -> Document:
        if number not in documents:
            query = sa.select(_REVISION.c.document).where(_REVISION.c.id == number)
            documents[number] = connection.execute(query).scalar_one()
        return documents[number]

    for release in connection.execute(sa.select(_RELEASE).order_by(_RELEASE.c.id)).all():
        rules = _rules(release, revisions, document)
        if rules is not None:
            yield {
                "release_id": release.id,
                "round": release.round,
                "material": _MATERIAL,
                "authors": [],
                "risk": "",
                "risk_factors": [],
                "begun_at": release.state_since,
                "corrected": {},
                "changed": {},
                **rules,
            }


def _rules(release: Any, revisions: Sequence[Any], document: Callable[[int], Document]) -> dict[str, Any] | None:
    decided_at = None if release.state in _UNDECIDED else release.approved_at or release.state_since
    before = [number for number, at in revisions if decided_at is None or at <= decided_at]
    after = [number for number, _ in revisions if number not in before]
    for number in (*reversed(before), *after):
        for service in document(number).get("services", ()):
            kind = service["policy"]["types"].get(release.type) if service["key"] == release.service else None
            if kind is not None:
                approval = service["policy"].get("approval") or {}
                return {
                    "required": kind["approvals"],
                    "later": kind.get("afterwards"),
                    "one_rejection_stops": approval.get("one_rejection_stops", True),
                }
    return None

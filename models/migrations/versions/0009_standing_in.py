"""Standing in, chasing of approvals, later approvals."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


_WAITING = """
INSERT INTO approval_chase (release_id, round, revision, since, looked_at, reminded)
SELECT id, round, 0, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0 FROM "release" WHERE state = 'requested'
"""
"""Requests that already wait are chased as if requested now: nobody has been reminded of them."""


def upgrade() -> None:
    op.add_column("decision", sa.Column("standing_in_for", sa.String(), nullable=True))
    op.add_column("person", sa.Column("away", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegator", sa.String(), nullable=False),
        sa.Column("delegate", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("services", _json(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form"),
    )
    op.create_index(op.f("ix_delegation_delegator"), "delegation", ["delegator"], unique=False)
    op.create_index(op.f("ix_delegation_delegate"), "delegation", ["delegate"], unique=False)
    op.create_table(
        "approval_chase",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("release_id"),
    )
    op.create_index("ix_approval_chase_next_at", "approval_chase", ["next_at"], unique=False)
    op.execute(_WAITING)
    op.create_table(
        "afterwards",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("required", _json(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("release_id", "round"),
    )
    op.create_index("ix_afterwards_next_at", "afterwards", ["next_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_afterwards_next_at", table_name="afterwards")
    op.drop_table("afterwards")
    op.drop_index("ix_approval_chase_next_at", table_name="approval_chase")
    op.drop_table("approval_chase")
    op.drop_index(op.f("ix_delegation_delegate"), table_name="delegation")
    op.drop_index(op.f("ix_delegation_delegator"), table_name="delegation")
    op.drop_table("delegation")
    with op.batch_alter_table("person") as person:
        person.drop_column("away")
    with op.batch_alter_table("decision") as decision:
        decision.drop_column("standing_in_for")

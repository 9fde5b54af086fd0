"""Clearance that pipelines asked for, and the answers on their way to them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "clearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("commit", sa.String(), nullable=False),
        sa.Column("run_url", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("named_release", sa.String(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("reasons", _json(), nullable=False),
        sa.Column("bound_to", sa.String(), nullable=False),
        sa.Column("next_allowed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holds_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("waits_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("callback", _json(), nullable=False),
        sa.Column("bearer", sa.Text(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("service", "reference"),
        sa.UniqueConstraint("token"),
    )
    op.create_index(op.f("ix_clearance_release_id"), "clearance", ["release_id"], unique=False)
    op.create_index("ix_clearance_service_asked", "clearance", ["service", "asked_at"], unique=False)
    op.create_index("ix_clearance_waiting", "clearance", ["waiting"], unique=False)
    op.create_table(
        "clearance_callback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clearance_id", sa.Integer(), nullable=True),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("about", _json(), nullable=False),
        sa.Column("answer", _json(), nullable=False),
        sa.Column("bearer", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clearance_id"], ["clearance.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_clearance_callback_clearance_id"), "clearance_callback", ["clearance_id"], unique=False
    )
    op.create_index("ix_clearance_callback_due_at", "clearance_callback", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_clearance_callback_due_at", table_name="clearance_callback")
    op.drop_index(op.f("ix_clearance_callback_clearance_id"), table_name="clearance_callback")
    op.drop_table("clearance_callback")
    op.drop_index("ix_clearance_waiting", table_name="clearance")
    op.drop_index("ix_clearance_service_asked", table_name="clearance")
    op.drop_index(op.f("ix_clearance_release_id"), table_name="clearance")
    op.drop_table("clearance")

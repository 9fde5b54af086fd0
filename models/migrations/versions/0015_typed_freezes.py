"""Freezes that people type, and rules on trial."""

import sqlalchemy as sa
from alembic import op

from models.storage.database import json_column

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "typed_freeze",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("told", json_column(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_typed_freeze_ends", "typed_freeze", ["ends_at"])
    op.add_column("release_finding", sa.Column("observed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "observed_stop",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("release_id", sa.Integer(), sa.ForeignKey("release.id"), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("subject", "round", "step", "rule", "key"),
    )
    op.create_index("ix_observed_stop_release_id", "observed_stop", ["release_id"])
    op.create_index("ix_observed_stop_service_at", "observed_stop", ["service", "at"])


def downgrade() -> None:
    op.drop_table("observed_stop")
    with op.batch_alter_table("release_finding") as finding:
        finding.drop_column("observed")
    op.drop_table("typed_freeze")

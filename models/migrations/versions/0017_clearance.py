"""Overrides, extended deployments, and windows that are watched."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


_PAST = """
INSERT INTO window_watch (release_id, window_start, window_end, told, overrun, quiet)
SELECT id, window_start, window_end, 0, 0, true FROM "release"
WHERE state IN ('requested', 'approved', 'building', 'testing', 'ready', 'deploying')
AND window_end < CURRENT_TIMESTAMP
"""
"""Windows that are past by now are listed once and not chased."""


def upgrade() -> None:
    op.add_column("release", sa.Column("extended_to", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("obstacles", _json(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_override_release_id"), "override", ["release_id"], unique=False)
    op.create_index("ix_override_at", "override", ["at"], unique=False)
    op.create_table(
        "window_watch",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("soon_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("overrun", sa.Integer(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("release_id"),
    )
    op.create_index("ix_window_watch_next_at", "window_watch", ["next_at"], unique=False)
    op.execute(_PAST)


def downgrade() -> None:
    op.drop_index("ix_window_watch_next_at", table_name="window_watch")
    op.drop_table("window_watch")
    op.drop_index("ix_override_at", table_name="override")
    op.drop_index(op.f("ix_override_release_id"), table_name="override")
    op.drop_table("override")
    with op.batch_alter_table("release") as release:
        release.drop_column("extended_to")

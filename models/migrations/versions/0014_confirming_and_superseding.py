"""Confirmed criteria, and releases that another one superseded."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Criteria that were met before stay met, whoever entered the evidence."""
    op.add_column("release_criterion", sa.Column("confirmed_by", sa.String(), nullable=True))
    op.add_column("release_criterion", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("release_criterion", sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("release", sa.Column("superseded_by", sa.Integer(), nullable=True))
    op.create_index("ix_release_superseded_by", "release", ["superseded_by"])


def downgrade() -> None:
    op.drop_index("ix_release_superseded_by", "release")
    with op.batch_alter_table("release") as release:
        release.drop_column("superseded_by")
    with op.batch_alter_table("release_criterion") as criterion:
        criterion.drop_column("alone")
        criterion.drop_column("confirmed_at")
        criterion.drop_column("confirmed_by")

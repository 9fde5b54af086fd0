"""Held offers of times, and who recorded the contents of an environment."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NOT_HELD = """
UPDATE booking SET proposed_start = NULL, proposed_end = NULL, offer_outcome = 'lapsed'
WHERE proposed_start IS NOT NULL
"""
"""Earlier offers held no time, which may be taken by now: their requests wait for a new offer."""


def upgrade() -> None:
    op.add_column("booking", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("booking", sa.Column("offer_outcome", sa.String(), nullable=False, server_default=""))
    op.add_column("environment_content", sa.Column("said_by", sa.String(), nullable=True))
    op.execute(_NOT_HELD)


def downgrade() -> None:
    with op.batch_alter_table("environment_content") as content:
        content.drop_column("said_by")
    with op.batch_alter_table("booking") as booking:
        booking.drop_column("offer_outcome")
        booking.drop_column("held_until")

"""Bookings of environments and what is in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "environment_turn",
        sa.Column("environment", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("environment"),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("test_data", sa.Text(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column(
            "asked", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form"),
    )
    op.create_index(op.f("ix_booking_holder"), "booking", ["holder"], unique=False)
    op.create_index(op.f("ix_booking_release_id"), "booking", ["release_id"], unique=False)
    op.create_index("ix_booking_environment_status", "booking", ["environment", "status"], unique=False)
    op.create_index("ix_booking_status_end", "booking", ["status", "end_at"], unique=False)
    op.create_table(
        "environment_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("ci", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_environment_content_place", "environment_content", ["environment", "ci"], unique=False)
    op.create_index(op.f("ix_environment_content_release_id"), "environment_content", ["release_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_environment_content_release_id"), table_name="environment_content")
    op.drop_index("ix_environment_content_place", table_name="environment_content")
    op.drop_table("environment_content")
    op.drop_index("ix_booking_status_end", table_name="booking")
    op.drop_index("ix_booking_environment_status", table_name="booking")
    op.drop_index(op.f("ix_booking_release_id"), table_name="booking")
    op.drop_index(op.f("ix_booking_holder"), table_name="booking")
    op.drop_table("booking")
    op.drop_table("environment_turn")

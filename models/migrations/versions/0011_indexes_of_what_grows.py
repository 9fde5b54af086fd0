"""Indexes of growing tables: the last deployment, upcoming releases, later approvals, contents of environments."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_release_service_deployed", "release", ["service", "deployed_at"])
    op.create_index("ix_release_window_end", "release", ["window_end"])
    op.create_index("ix_afterwards_owed", "afterwards", ["completed_at", "due_at"])
    op.drop_index("ix_environment_content_place", "environment_content")
    op.create_index("ix_environment_content_place", "environment_content", ["environment", "ci", "id"])


def downgrade() -> None:
    op.drop_index("ix_environment_content_place", "environment_content")
    op.create_index("ix_environment_content_place", "environment_content", ["environment", "ci"])
    op.drop_index("ix_afterwards_owed", "afterwards")
    op.drop_index("ix_release_window_end", "release")
    op.drop_index("ix_release_service_deployed", "release")

"""Packages."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "package_node",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["package_node.id"]),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_package_node_parent_id"), "package_node", ["parent_id"], unique=False)
    op.create_index(op.f("ix_package_node_release_id"), "package_node", ["release_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_package_node_release_id"), table_name="package_node")
    op.drop_index(op.f("ix_package_node_parent_id"), table_name="package_node")
    op.drop_table("package_node")

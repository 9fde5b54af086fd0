"""What people are in the workspace, groups that are gone, and whom the catalog named when guests lost rights."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("kind", sa.String(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("user_group", sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "membership_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _keep_named_people()


def downgrade() -> None:
    op.drop_table("membership_change")
    op.drop_column("user_group", "gone")
    op.drop_column("person", "kept")
    op.drop_column("person", "kind")


def _keep_named_people() -> None:
    """Mark the people whom the present catalog names: those who turn out to be guests keep their roles.

    Everybody counts as read long ago, so that they are read again soon: what they are was not asked before.
    """
    connection = op.get_bind()
    revisions = sa.table("catalog_revision", sa.column("id", sa.Integer), sa.column("document", sa.JSON))
    person = sa.table(
        "person",
        sa.column("id", sa.String),
        sa.column("name", sa.String),
        sa.column("timezone", sa.String),
        sa.column("active", sa.Boolean),
        sa.column("read_at", sa.DateTime(timezone=True)),
        sa.column("kept", sa.Boolean),
    )
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    connection.execute(sa.update(person).where(person.c.read_at.is_not(None)).values(read_at=long_ago))
    latest = connection.execute(sa.select(revisions.c.document).order_by(revisions.c.id.desc()).limit(1)).scalar()
    document = json.loads(latest) if isinstance(latest, str) else latest
    for one in sorted(_named(document or {})):
        known = connection.execute(sa.select(person.c.id).where(person.c.id == one)).scalar()
        if known is None:
            row = {"id": one, "name": one, "timezone": "UTC", "active": True, "kept": True}
            connection.execute(sa.insert(person).values(**row))
        else:
            connection.execute(sa.update(person).where(person.c.id == one).values(kept=True))


def _named(document: dict[str, Any]) -> set[str]:
    named = {document.get("process_owner"), *(one.get("manager") for one in document.get("environments") or ())}
    for service in document.get("services") or ():
        named.add(service.get("owner"))
        named.update(one for holders in (service.get("roles") or {}).values() for one in holders)
    return {one for one in named if isinstance(one, str) and not one.startswith("S")}

"""Activities and criteria for releases that were requested before there were any."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_RELEASE = sa.table("release", *map(sa.column, ("id", "service", "type", "state")))

_REVISION = sa.table("catalog_revision", sa.column("id"), sa.column("document", sa.JSON()))

_CRITERION = sa.table(
    "release_criterion", *map(sa.column, ("release_id", "gate", "position", "text", "outcome", "grounds"))
)

_EMPTY = ("test_strategy", "test_plan", "fit_for_purpose", "fit_for_use", "restored", "worked", "review")

_ACTIVITIES = sa.table(
    "release_activities",
    *map(sa.column, ("release_id", "turns", *_EMPTY)),
    sa.column("services", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")),
)

_SETTLED = ("rejected", "cancelled", "backed_out", "retired", "handed_over")
"""Their criteria are closed, so they get none."""


def upgrade() -> None:
    connection = op.get_bind()
    with_activities = sa.select(_ACTIVITIES.c.release_id)
    older = connection.execute(sa.select(_RELEASE).where(_RELEASE.c.id.not_in(with_activities))).mappings().all()
    if not older:
        return
    latest = sa.select(_REVISION.c.document).order_by(_REVISION.c.id.desc()).limit(1)
    catalog = connection.execute(latest).scalar() or {}
    services = {service["key"]: service for service in catalog.get("services", ())}
    empty = dict.fromkeys(_EMPTY, "")
    activities = [{"release_id": one["id"], "turns": 0, "services": [], **empty} for one in older]
    connection.execute(sa.insert(_ACTIVITIES), activities)
    criteria = [
        {"release_id": one["id"], "gate": gate, "position": position, "text": text, "outcome": "", "grounds": ""}
        for one in older
        if one["state"] not in _SETTLED
        for gate, texts in _required(services.get(one["service"], {}), one["type"])
        for position, text in enumerate(texts)
    ]
    if criteria:
        connection.execute(sa.insert(_CRITERION), criteria)


def downgrade() -> None:
    """What was written stays: it is what the program itself wrote when somebody looked."""


def _required(service: Mapping[str, Any], type_name: str) -> Iterator[tuple[str, list[str]]]:
    """The criteria by gate, as the catalog has them now; documents of the type are exit criteria."""
    kind = service.get("policy", {}).get("types", {}).get(type_name, {})
    for gate in ("entry", "exit", "early_life_support"):
        documents = kind.get("documents", ()) if gate == "exit" else ()
        texts = service.get("criteria", {}).get(gate, ())
        yield gate, [*texts, *(f"Document delivered: {name}" for name in documents)]

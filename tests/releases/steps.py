"""Steps that tests of releases take through the use cases."""

from datetime import timedelta
from typing import Any

from sqlalchemy import inspect
from sqlmodel import select

from models.catalog.store import CatalogCache
from models.events import Actor
from models.releases.approvals import approve_release
from models.releases.deployment import mark_deployed, start_deployment
from models.releases.forms import RequestForm
from models.releases.request import request_release
from models.releases.tables import Release
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING


def by(person: str, surface: str = "button") -> Actor:
    return Actor(person=person, surface=surface)


def form(**changes: Any) -> RequestForm:
    fields: dict[str, Any] = {
        "service": "PAY",
        "type": "minor",
        "title": "Card payments 9.2",
        "description": "Faster settlement",
        "changes": "CHG0000132",
        "window_start": MORNING + timedelta(days=8),
        "window_end": MORNING + timedelta(days=8, hours=2),
        "method": "rolling",
        "back_out_plan": "Redeploy 9.1",
    }
    return RequestForm(**{**fields, **changes})


async def requested(
    work: UnitOfWork, catalogs: CatalogCache, person: str = "U0ANN", nonce: str = "n", **changes: Any
) -> int:
    """A requested release's id."""
    return (await request_release(work, catalogs, by(person), form(**changes), nonce)).id


async def approved(work: UnitOfWork, catalogs: CatalogCache, **changes: Any) -> int:
    """An approved release's id."""
    release = await requested(work, catalogs, **changes)
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, catalogs, by(person), release, 1)
    return release


async def deployed(work: UnitOfWork, catalogs: CatalogCache, **changes: Any) -> int:
    """A deployed release's id."""
    release = await approved(work, catalogs, **changes)
    await start_deployment(work, catalogs, by("U0DANA"), release)
    await mark_deployed(work, catalogs, by("U0DANA"), release)
    return release


async def rows(work: UnitOfWork, table: Any) -> list[Any]:
    """Everything in ``table``, in the order of its key: a database gives rows in any."""
    async with work.database.reading() as session:
        query = select(table).order_by(*inspect(table).primary_key)
        return list((await session.exec(query)).all())


async def state(work: UnitOfWork, release_id: int) -> str:
    """The release's state."""
    async with work.database.reading() as session:
        release = await session.get(Release, release_id)
        assert release is not None
        return release.state

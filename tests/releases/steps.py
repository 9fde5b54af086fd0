from datetime import timedelta
from typing import Any

from sqlalchemy import inspect
from sqlmodel import select

from models.events import Actor
from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.release import Release
from models.releases.activities.build import record_build, start_build, start_test
from models.releases.activities.deploy import mark_deployed, start_deployment
from models.releases.activities.gates import MET
from models.releases.activities.go_no_go import say_go
from models.releases.activities.settle_criterion import settle_criterion
from models.releases.activities.test import ResultForm, accept_tests, record_result
from models.releases.approval.approve import approve_release
from models.releases.request.form import RequestForm
from models.releases.request.request import request_release
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, FrozenClock


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


async def requested(work: UnitOfWork, person: str = "U0ANN", nonce: str = "n", **changes: Any) -> int:
    return (await request_release(work, by(person), form(**changes), nonce)).id


async def approved(work: UnitOfWork, **changes: Any) -> int:
    release = await requested(work, **changes)
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 1)
    return release


BUILD = {
    "what": "pay-api 9.2.0",
    "source": "git.example/pay-api",
    "revision": "v9.2.0",
    "artefact": "sha256:4f5a",
    "checked": "Installed on a clean host, smoke tests passed",
}


async def settle(work: UnitOfWork, release: int, gate: str, person: str = "U0TOM") -> None:
    for one in await rows(work, Criterion):
        if (one.release_id, one.gate, one.outcome) == (release, gate, ""):
            await settle_criterion(work, by(person, "modal"), one.id, MET, "https://wiki.example/evidence")


async def take_through_tests(work: UnitOfWork, release: int) -> None:
    await start_build(work, by("U0BEN"), release)
    await record_build(work, by("U0BEN", "modal"), release, BUILD, f"build-{release}")
    await settle(work, release, "entry")
    await start_test(work, by("U0BEN"), release)
    passed = ResultForm(component="pay-api", result="passed")
    await record_result(work, by("U0TOM", "modal"), release, passed, f"test-{release}")
    await settle(work, release, "exit")
    await accept_tests(work, by("U0TOM", "modal"), release, "Settles in an hour", "Fast enough", ["WEB"])


async def ready(work: UnitOfWork, **changes: Any) -> int:
    """The id of a tested release with its go."""
    release = await approved(work, **changes)
    await take_through_tests(work, release)
    await say_go(work, by("U0RITA"), release)
    return release


async def deployed(work: UnitOfWork, **changes: Any) -> int:
    release = await ready(work, **changes)
    await begin_deployment(work, release)
    await mark_deployed(work, by("U0DANA"), release)
    return release


async def go_to_window(work: UnitOfWork, release_id: int) -> None:
    """Move the clock to the start of the release's window, unless it is within it."""
    async with work.database.reading() as session:
        release = await session.get(Release, release_id)
    clock = work.clock
    assert release is not None
    assert isinstance(clock, FrozenClock)
    if not release.window_start <= clock.now() < release.window_end:
        clock.set(release.window_start)


async def begin_deployment(work: UnitOfWork, release_id: int, person: str = "U0DANA") -> None:
    """Start the deployment in the release's window."""
    await go_to_window(work, release_id)
    await start_deployment(work, by(person), release_id)


async def rows(work: UnitOfWork, table: Any) -> list[Any]:
    """Everything in ``table``, by primary key."""
    async with work.database.reading() as session:
        query = select(table).order_by(*inspect(table).primary_key)
        return list((await session.exec(query)).all())


async def state(work: UnitOfWork, release_id: int) -> str:
    async with work.database.reading() as session:
        release = await session.get(Release, release_id)
        assert release is not None
        return release.state

"""Two people plan at the same moment: neither transaction sees the other's rows, yet one of them is told."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.audit import AuditEntry
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.releases.request import edit, request
from models.releases.request.edit import edit_release
from models.storage.database import Database
from models.subscriptions import posts_for
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, example_document, put_catalog
from tests.releases.steps import by, form, requested, rows

pytestmark = pytest.mark.usefixtures("people", "catalog")

LATER = {"window_start": MORNING + timedelta(days=9), "window_end": MORNING + timedelta(days=9, hours=2)}

WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
    "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


class Meeting:
    """Holds people who have asked policy until everybody has, or the others wait for a lock: the worst moment."""

    def __init__(self, database: Database, people: int) -> None:
        self.database, self.missing = database, people
        self.somebody_waited = False

    async def arrive(self) -> None:
        self.missing -= 1
        while self.missing > 0 and not self.database.is_sqlite:
            async with self.database.reading() as session:
                waiting = (await session.exec(WAITING)).scalar_one()
            if waiting >= self.missing > 0:
                self.somebody_waited = True
                return


@pytest.fixture
def meet(monkeypatch, database):
    """Have that many people meet between asking policy and writing what they plan."""

    def of(people: int) -> Meeting:
        meeting = Meeting(database, people)
        for module in (request, edit):
            ask = module.judge_in_turn

            async def asked(*arguments, ask=ask):
                found = await ask(*arguments)
                await meeting.arrive()
                return found

            monkeypatch.setattr(module, "judge_in_turn", asked)
        return meeting

    return of


async def collisions(work) -> list[tuple[int, str]]:
    return [(row.release_id, row.key) for row in await rows(work, ReleaseFinding) if row.rule == "collisions"]


async def test_of_two_requests_for_services_that_hang_together_one_is_told(work, meet):
    meet(2)
    pay, web = await asyncio.gather(requested(work, nonce="pay"), requested(work, nonce="web", service="WEB"))
    called = {row.id: row.identifier for row in await rows(work, Release)}
    assert await collisions(work) in ([(pay, called[web])], [(web, called[pay])])


async def test_of_a_request_and_an_edit_into_the_same_time_one_is_told(work, meet):
    web = await requested(work, nonce="web", service="WEB", **LATER)
    meet(2)
    into = form(service="WEB")
    pay, _ = await asyncio.gather(requested(work, nonce="pay"), edit_release(work, by("U0ANN"), web, 1, into))
    called = {row.id: row.identifier for row in await rows(work, Release)}
    assert await collisions(work) in ([(pay, called[web])], [(web, called[pay])])


async def test_of_two_edits_of_one_service_one_is_told(work, meet):
    first = await requested(work, nonce="first", **LATER)
    second = await requested(
        work,
        nonce="second",
        window_start=MORNING + timedelta(days=13),
        window_end=MORNING + timedelta(days=13, hours=2),
    )
    meet(2)
    await asyncio.gather(*(edit_release(work, by("U0ANN"), release, 1, form()) for release in (first, second)))
    called = {row.id: row.identifier for row in await rows(work, Release)}
    assert await collisions(work) in ([(first, called[second])], [(second, called[first])])


async def test_two_services_that_only_share_a_third_do_not_wait_for_each_other(work, meet):
    document = example_document()
    staff = {"key": "HR", "name": "Staff", "channel": "C0HR", "numbering": "HR-{sequence}", "deployments": {}}
    document["services"].append({**document["services"][1], **staff})
    await put_catalog(work, document)
    meeting = meet(2)
    await asyncio.gather(requested(work, nonce="web", service="WEB"), requested(work, nonce="hr", service="HR"))
    assert not meeting.somebody_waited
    assert await collisions(work) == []


async def test_many_at_once_do_not_wait_in_a_circle(work, clock, database_url):
    """Requests and edits of both services from several processes: all of them succeed."""
    moved = [
        (service, await requested(work, nonce=f"{service}{number}", service=service, **LATER))
        for number in range(4)
        for service in ("PAY", "WEB")
    ]
    others = [Database(database_url) for _ in range(3)]
    desks = [UnitOfWork(one, clock, posts_for) for one in others]
    edits = [
        edit_release(desks[number % 3], by("U0ANN"), release, 1, form(service=service))
        for number, (service, release) in enumerate(moved)
    ]
    asked = [
        requested(desks[number % 3], nonce=f"new{number}", service=service)
        for number, service in enumerate(("WEB", "PAY") * 4)
    ]
    await asyncio.gather(*edits, *asked)
    for one in others:
        await one.close()
    planned = 16
    # Each pair is named once, by the second of the two.
    assert len(set(await collisions(work))) == planned * (planned - 1) // 2
    assert len([one for one in await rows(work, AuditEntry) if one.tag == "release:requested"]) == planned

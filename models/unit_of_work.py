"""One transaction a use case: the change, its audit rows and the messages it calls for commit together."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import func, select
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models import audit, outbox
from models.catalog.document import Catalog
from models.catalog.revisions import CatalogCache
from models.events import SYSTEM, Actor, Event
from models.outbox import Post
from models.storage.database import Database, Writing
from models.storage.prepared import Parameters, Prepared
from models.time.clock import Clock

PostsFor = Callable[[Event], Iterable[Post]]
"""Which messages an event calls for; the topics' table is :mod:`models.subscriptions`."""


class Snapshot:
    """What looking works with: a session, who looks, one fixed moment, and the catalog that holds then.

    It takes no lock. Checks that a use case repeats before it changes something are written for a snapshot, and
    load with ``lock=snapshot.locks``: somebody who only asks whether they may neither writes nor makes others wait.
    """

    locks = False
    """Whether what is loaded is to be locked: in a transaction only."""

    def __init__(
        self, session_of: Callable[[], AsyncSession], actor: Actor, now: datetime, catalogs: CatalogCache
    ) -> None:
        self._session_of = session_of
        self._catalogs = catalogs
        self._catalog: Catalog | None = None
        self.actor = actor
        self.now = now

    @property
    def session(self) -> AsyncSession:
        """The session, for everything but the hot path."""
        return self._session_of()

    async def catalog(self) -> Catalog:
        """The catalog that holds; the database is asked once at most."""
        if self._catalog is None:
            self._catalog = await self._catalogs.current(self.session)
        return self._catalog

    async def catalog_at(self, revision: int) -> Catalog:
        """The catalog that holds, for a caller whose own statement has read that its revision is ``revision``."""
        if self._catalog is None:
            self._catalog = self._catalogs.known(revision) or await self._catalogs.at(self.session, revision)
        return self._catalog

    async def run(self, statement: Prepared, parameters: Parameters) -> Sequence[Any]:
        """Run a statement of the hot path and give its rows."""
        return await statement.run(await self.session.connection(), None, parameters)

    async def lock(self, table: type[SQLModel], key: int) -> None:
        """Lock this row, in a transaction only."""


class Transaction(Snapshot):
    """What a use case works with: what it looks at, changes, and the events it records."""

    locks = True

    def __init__(
        self, writing: Writing, actor: Actor, now: datetime, catalogs: CatalogCache, posts_for: PostsFor
    ) -> None:
        super().__init__(lambda: writing.session, actor, now, catalogs)
        self._writing = writing
        self._posts_for = posts_for
        self.run_many = writing.run_many
        self._events: list[Event] = []
        self._wishes: list[Post] = []

    async def run(self, statement: Prepared, parameters: Parameters) -> Sequence[Any]:
        """Run a statement of the hot path and give its rows."""
        return await self._writing.run(statement, parameters)

    def record(self, event: Event) -> None:
        """Say what has happened; the audit trail and everybody concerned learn of it with the commit."""
        self._events.append(event)

    async def lock(self, table: type[SQLModel], key: int) -> None:
        """Have nobody else change this row until the transaction ends.

        What is read afterwards is what the last holder left: PostgreSQL reads rows joined to a locked one as
        they were before it waited, so the lock is a statement of its own. On SQLite a transaction is alone.
        """
        if not self._writing.locks_by_itself:
            columns = table.metadata.tables[str(table.__tablename__)].c
            query = select(columns.id).where(columns.id == key).with_for_update()
            await self._writing.connection.execute(query)

    async def take_turns(self, mine: str, beside: Iterable[str]) -> None:
        """Wait for every transaction that names ``mine``, or whose own name is one of ``beside``, to end.

        From here on each sees what the other has left, also where neither changes a row of the other. ``mine`` is
        held alone and the others together, so that two who are both beside a third do not wait for each other;
        all in one order, so that no two wait in a circle. On SQLite a transaction is alone.
        """
        if self._writing.locks_by_itself:
            return
        alone = _lock_number(mine)
        for number in sorted({alone, *map(_lock_number, beside)}):
            lock = func.pg_advisory_xact_lock if number == alone else func.pg_advisory_xact_lock_shared
            await self._writing.connection.execute(select(lock(number)))

    def wish(self, posts: Iterable[Post]) -> None:
        """Ask for messages that no event calls for: what somebody looks at, such as their Home."""
        self._wishes += posts

    async def finish(self) -> bool:
        """Write the audit rows and the wishes for messages; true when there is something to deliver."""
        if not self._events and not self._wishes:
            return False
        await self._writing.flush()
        if self._events:
            await audit.write(self._writing, self.actor, self.now, self._events)
        posts = [*(post for event in self._events for post in self._posts_for(event)), *self._wishes]
        if posts:
            await outbox.want(self._writing, posts, self.now)
        return bool(posts)


def _lock_number(name: str) -> int:
    """The number of PostgreSQL's advisory lock for ``name``: the same in every process."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


class UnitOfWork:
    """Opens transactions, ``async with work(actor) as tx``, and looks, ``async with work.reading() as snapshot``.

    It remembers the catalog from one to the next. ``posts_for`` is handed in, because the topics that it covers are
    built on this module.
    """

    def __init__(self, database: Database, clock: Clock, posts_for: PostsFor) -> None:
        self.database = database
        self.clock = clock
        self._catalogs = CatalogCache()
        self._posts_for = posts_for
        self._listeners: list[Callable[[], None]] = []

    def when_committed(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called after each commit that leaves something to deliver."""
        self._listeners.append(listener)

    def __call__(self, actor: Actor) -> AbstractAsyncContextManager[Transaction]:
        return self._transaction(actor)

    @asynccontextmanager
    async def _transaction(self, actor: Actor) -> AsyncIterator[Transaction]:
        async with self.database.writing() as writing:
            tx = Transaction(writing, actor, self.clock.now(), self._catalogs, self._posts_for)
            yield tx
            to_deliver = await tx.finish()
        if to_deliver:
            for listener in self._listeners:
                listener()

    @asynccontextmanager
    async def reading(self, actor: Actor = SYSTEM) -> AsyncIterator[Snapshot]:
        """Look at single records; ``actor`` is whose rights are asked for."""
        async with self.database.reading() as session:
            yield Snapshot(lambda: session, actor, self.clock.now(), self._catalogs)

    @asynccontextmanager
    async def reporting(self) -> AsyncIterator[Snapshot]:
        """Look at many rows; on SQLite in a thread, beside the loop."""
        async with self.database.reporting() as session:
            yield Snapshot(lambda: session, SYSTEM, self.clock.now(), self._catalogs)

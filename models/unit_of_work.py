"""A transaction for each use case: the change, its audit rows and the wishes for messages commit together."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import func, select
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models import audit, deduplication, outbox
from models.catalog.document import Catalog
from models.catalog.revisions import CatalogCache
from models.events import SYSTEM, Actor, Event
from models.outbox import Post
from models.storage.database import Database, Writing
from models.storage.prepared_statements import Parameters, Prepared
from models.time.clock import Clock

PostsFor = Callable[[Event], Iterable[Post]]
"""Usually :func:`models.subscriptions.posts_for`."""


class Snapshot:
    """For reading: a session, the actor, one fixed moment, and the catalog at that moment.

    It takes no lock. Checks that a use case repeats before it changes something are written for a snapshot and load
    with ``lock=snapshot.locks``, so that a question neither writes nor makes others wait.
    """

    locks = False
    """Whether rows are locked when they are loaded: only in a transaction."""

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
        """For everything but the hot path."""
        return self._session_of()

    async def catalog(self) -> Catalog:
        """The current catalog; queried once at most."""
        if self._catalog is None:
            self._catalog = await self._catalogs.current(self.session)
        return self._catalog

    async def catalog_at(self, revision: int, changes: int) -> Catalog:
        """The current catalog, for a caller whose own statement has read both numbers already.

        ``changes`` is :data:`models.membership.barred.CHANGES`.
        """
        if self._catalog is None:
            known = self._catalogs.known(revision, changes)
            self._catalog = known or await self._catalogs.at(self.session, revision, changes)
        return self._catalog

    async def run(self, statement: Prepared, parameters: Parameters) -> Sequence[Any]:
        """Run a statement of the hot path; returns its rows."""
        return await statement.run(await self.session.connection(), None, parameters)

    async def lock(self, table: type[SQLModel], key: int) -> None:
        """Does nothing outside a transaction."""


class Transaction(Snapshot):
    """For a use case: reads, changes and records events."""

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
        self._wished_again = False

    async def run(self, statement: Prepared, parameters: Parameters) -> Sequence[Any]:
        """Run a statement of the hot path; returns its rows."""
        return await self._writing.run(statement, parameters)

    def record(self, event: Event) -> None:
        """The event gets its audit row and its messages before the commit."""
        self._events.append(event)

    async def once(self, use: str, key: str) -> bool:
        """Whether ``use`` hasn't been carried out yet for ``key``: the nonce of a form, or the id of a payload.

        Remembered with the transaction, so that after a crash before the commit a repetition is carried out. A
        second transaction with the same key waits, and is told no unless the first is rolled back.
        """
        return await deduplication.first_time(self._writing.connection, f"{use}:{key}", self.now)

    async def lock(self, table: type[SQLModel], key: int) -> None:
        """Nobody else changes this row until the transaction ends. On SQLite a transaction is alone already.

        The lock is a statement of its own, because PostgreSQL reads rows joined to a locked one as they were before
        it waited.
        """
        if not self._writing.locks_by_itself:
            columns = table.metadata.tables[str(table.__tablename__)].c
            query = select(columns.id).where(columns.id == key).with_for_update()
            await self._writing.connection.execute(query)

    async def take_turns(self, mine: str, beside: Iterable[str]) -> None:
        """Wait for transactions that named ``mine``, or whose own name is in ``beside``, to end.

        So each sees what the other has left, even where they change no row in common. ``mine`` is locked
        exclusively and ``beside`` shared, so that two neighbours of a third don't wait for each other; all in one
        order, so that there is no deadlock. On SQLite a transaction is alone already.
        """
        if self._writing.locks_by_itself:
            return
        alone = _lock_number(mine)
        for number in sorted({alone, *map(_lock_number, beside)}):
            lock = func.pg_advisory_xact_lock if number == alone else func.pg_advisory_xact_lock_shared
            await self._writing.connection.execute(select(lock(number)))

    async def wish_again(self, keys: Collection[str], delay: timedelta | None = None) -> None:
        """The messages of ``keys`` that exist are updated: at once, or with ``delay`` for a burst of changes."""
        await outbox.want_again(self.session, keys, self.now, delay)
        self._wished_again = True

    def wish(self, posts: Iterable[Post]) -> None:
        """Messages that no event calls for, such as the Home that somebody opens."""
        self._wishes += posts

    async def finish(self) -> bool:
        """Write the audit rows and the wishes for messages. Returns whether there is anything to deliver."""
        if not self._events and not self._wishes:
            return self._wished_again
        await self._writing.flush()
        if self._events:
            await audit.write(self._writing, self.actor, self.now, self._events)
        posts = [*(post for event in self._events for post in self._posts_for(event)), *self._wishes]
        if posts:
            await outbox.want(self._writing, posts, self.now)
        return bool(posts) or self._wished_again


def _lock_number(name: str) -> int:
    """PostgreSQL's advisory lock for ``name``, the same in every process."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


class UnitOfWork:
    """``async with work(actor) as tx`` opens a transaction, ``async with work.reading() as snapshot`` only reads.

    The catalog is cached from one to the next. ``posts_for`` is passed in, because it imports modules that import
    this one.
    """

    def __init__(self, database: Database, clock: Clock, posts_for: PostsFor) -> None:
        self.database = database
        self.clock = clock
        self._catalogs = CatalogCache()
        self._posts_for = posts_for
        self._listeners: list[Callable[[], None]] = []

    def when_committed(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each commit that leaves something to deliver."""
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
        """For single records; ``actor`` is the person whose rights are checked."""
        async with self.database.reading() as session:
            yield Snapshot(lambda: session, actor, self.clock.now(), self._catalogs)

    @asynccontextmanager
    async def reporting(self) -> AsyncIterator[Snapshot]:
        """For queries over many rows; on SQLite in a thread."""
        async with self.database.reporting() as session:
            yield Snapshot(lambda: session, SYSTEM, self.clock.now(), self._catalogs)

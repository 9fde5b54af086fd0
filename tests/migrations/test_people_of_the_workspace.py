"""People whom the catalog named before guests lost their rights."""

import json

from sqlalchemy import text
from sqlmodel import select

from models.catalog.document import Catalog
from models.catalog.revisions import CatalogCache
from models.membership.rights import Kind
from models.membership.tables import Person
from models.migrations.upgrade import migrate, upgrade
from models.people.directory_refresh import Profile, remember_people
from models.storage.database import Database
from models.subscriptions import posts_for
from models.time.clock import SystemClock
from models.unit_of_work import UnitOfWork
from tests.conftest import example_document

PERSON = "INSERT INTO person (id, name, timezone, active, read_at) VALUES (:id, :id, 'UTC', true, :at)"
CATALOG = "INSERT INTO catalog_revision (applied_at, applied_by, document) VALUES (:at, 'system', :document)"


async def test_guests_in_roles_keep_them_and_everybody_is_read_again_soon(empty_url):
    database, now = Database(empty_url), SystemClock().now()
    at = now.replace(tzinfo=None).isoformat(" ") if database.is_sqlite else now
    async with database.writing() as writing:
        await writing.connection.run_sync(migrate, "0011")
        document = Catalog.model_validate(example_document()).model_dump(mode="json", by_alias=True)
        await writing.connection.execute(text(CATALOG), {"at": at, "document": json.dumps(document)})
        for person in ("U0RITA", "U0BOB"):
            await writing.connection.execute(text(PERSON), {"id": person, "at": at})
    await upgrade(database)
    async with database.reading() as session:
        people = {one.id: one for one in (await session.exec(select(Person))).all()}
    assert {one.id for one in people.values() if one.kept} >= {"U0RITA", "U0OLGA", "U0PETRA", "U0EVA"}
    assert not people["U0BOB"].kept
    assert all(one.read_at is None or one.read_at.year == 1970 for one in people.values())
    guests = [Profile(one, one, "UTC", active=True, kind=Kind.GUEST) for one in ("U0RITA", "U0BOB")]
    await remember_people(UnitOfWork(database, SystemClock(), posts_for), guests)
    async with database.reading() as session:
        assert (await CatalogCache().current(session)).barred == {"U0BOB"}
    await database.close()

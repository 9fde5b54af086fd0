import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from models.errors import Refused
from models.migrations.upgrade import FOLDER, migrate, migrations, pending, upgrade
from models.storage.database import Database
from models.tables import METADATA

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def empty(empty_url):
    database = Database(empty_url)
    yield database
    await database.close()


async def tables(database):
    async with database.reading() as session:
        connection = await session.connection()
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def in_transaction(database, function):
    async with database.writing() as writing:
        return await writing.connection.run_sync(function)


async def test_an_upgraded_database_has_exactly_the_tables_that_the_program_uses(empty):
    assert await upgrade(empty) == migrations()

    def difference(connection):
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, METADATA)

    assert await in_transaction(empty, difference) == []


async def test_an_empty_database_lacks_every_migration_and_an_upgraded_one_none(empty):
    assert await pending(empty) == migrations()
    await upgrade(empty)
    assert await pending(empty) == []
    assert await upgrade(empty) == []


async def test_migrations_can_be_taken_back(empty):
    await upgrade(empty)
    await in_transaction(empty, lambda connection: migrate(connection, "base"))
    assert await tables(empty) == {"alembic_version"}
    assert await upgrade(empty) == migrations()


async def test_a_migration_that_fails_changes_nothing(empty):
    async with empty.writing() as writing:
        await writing.connection.execute(text("CREATE TABLE incident_link (id INTEGER)"))
    with pytest.raises(DBAPIError):
        await upgrade(empty)
    assert await tables(empty) == {"incident_link"}


async def test_a_database_of_a_newer_release_desk_is_refused_with_what_to_do(empty):
    await upgrade(empty)
    async with empty.writing() as writing:
        await writing.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match=r"schema 9999 of a newer Release Desk.*restore the backup"):
        await pending(empty)
    with pytest.raises(Refused):
        await upgrade(empty)


UPGRADE = """
import asyncio, sys
from models.storage.database import Database
from models.migrations.upgrade import upgrade

async def main():
    database = Database(sys.argv[1])
    print(len(await upgrade(database)))
    await database.close()

asyncio.run(main())
"""


async def test_programs_that_start_at_once_upgrade_once(empty_url):
    runs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", UPGRADE, empty_url, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    outputs = await asyncio.gather(*(run.communicate() for run in runs))
    assert [run.returncode for run in runs] == [0, 0, 0], outputs
    assert sorted(int(output) for output, _ in outputs) == [0, 0, len(migrations())]


LOOK = """
import asyncio, sys
from models.storage.database import Database
from models.migrations.upgrade import pending, upgrade

async def main():
    database = Database(sys.argv[1])
    assert await pending(database) == []
    assert await upgrade(database) == []
    await database.close()

asyncio.run(main())
assert "alembic" not in sys.modules
"""


async def test_looking_at_a_current_database_loads_no_alembic(empty, empty_url):
    await upgrade(empty)
    run = await asyncio.create_subprocess_exec(sys.executable, "-c", LOOK, empty_url, cwd=ROOT)
    assert await run.wait() == 0


def test_migrations_follow_each_other_in_the_order_of_their_names():
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    walked = [Path(script.path).stem for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert walked[::-1] == migrations()
    assert [name[:4] for name in migrations()] == [f"{count + 1:04d}" for count in range(len(migrations()))]


def test_a_developer_finds_no_difference_to_write_a_migration_for(empty_url):
    def alembic(*arguments):
        run = subprocess.run(
            [sys.executable, "-m", "alembic", *arguments],
            cwd=ROOT,
            env={"DATABASE_URL": empty_url, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    alembic("upgrade", "head")
    assert "No new upgrade operations detected" in alembic("check")

import asyncio
import csv
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from models.audit import AuditEntry
from models.errors import Invalid
from models.events import Actor
from models.support.importing import import_incidents as run
from models.support.importing.import_incidents import ImportSettings, import_incidents
from models.support.links import link_incident, unlink_incident
from models.support.tables import ImportRun, Incident, IncidentLink, KnownError
from models.tables import METADATA
from tests.factories import make_known_error
from tests.support.exports import EXCERPT, line, many, write

ANN = Actor(person="U0ANN", surface="command")
TABLES = ("incident", "known_error", "incident_link", "import_run", "audit_entry", "outbox")


@pytest.fixture
def small_groups(monkeypatch):
    """Small groups, so that a short file takes many transactions."""
    monkeypatch.setattr(run, "GROUP_ROWS", 20)
    monkeypatch.setattr(run, "PAUSE", 0)


async def dump(database, tables=TABLES) -> dict[str, list]:
    """All rows of ``tables``, in an order that does not depend on when they were written."""
    async with database.reading() as session:
        connection = await session.connection()
        return {
            name: sorted(map(repr, (await connection.execute(METADATA.tables[name].select())).all()))
            for name in tables
        }


async def rows(work, table, *order):
    async with work.database.reading() as session:
        return (await session.exec(select(table).order_by(*order))).all()


async def links(work) -> set[tuple[str, int]]:
    return {(row.incident, row.known_error_id) for row in await rows(work, IncidentLink)}


def by_hand() -> dict[str, dict[str, str]]:
    """The final state of each incident of the excerpt, read without the product."""
    with EXCERPT.open(newline="") as file:
        return {row["number"]: row for row in csv.DictReader(file)}


def day_first(text: str) -> datetime | None:
    return None if text == "?" else datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


async def test_the_last_state_of_every_incident_is_what_is_kept(work):
    report = await import_incidents(work, EXCERPT)
    wanted = by_hand()
    found = await rows(work, Incident)
    assert (report.records, report.broken, report.counts.new) == (346, 0, len(wanted) == len(found) and 45)
    for incident in found:
        row = wanted[incident.number]
        assert incident.opened_at == day_first(row["opened_at"])
        assert incident.resolved_at == day_first(row["resolved_at"])
        assert incident.closed_at == day_first(row["closed_at"])
        assert incident.state == row["incident_state"]
        assert incident.priority == int(row["priority"][0])
        assert (incident.change or "?", incident.caused_by or "?") == (row["rfc"], row["caused_by"])
        assert (incident.ci or "?", incident.symptom or "?") == (row["cmdb_ci"], row["u_symptom"])
        assert incident.problem == (None if row["problem_id"] == "?" else " ".join(row["problem_id"].split()))


async def test_problems_become_known_errors_and_their_incidents_are_linked(work):
    report = await import_incidents(work, EXCERPT)
    named = {number: row["problem_id"] for number, row in by_hand().items() if row["problem_id"] != "?"}
    known_errors = await rows(work, KnownError, col(KnownError.id))
    origins = {one.id: one.origin for one in known_errors}
    assert sorted(origins.values()) == sorted({" ".join(problem.split()) for problem in named.values()})
    assert {(number, origins[id_]) for number, id_ in await links(work)} == {
        (number, " ".join(problem.split())) for number, problem in named.items()
    }
    assert (report.counts.known_errors, report.counts.linked) == (len(origins), len(named))
    assert {one.status for one in known_errors} == {"under_investigation"}
    assert all(one.words and one.live_at == one.recorded_at for one in known_errors)


async def test_a_second_run_changes_nothing_and_leaves_no_trace(work, clock):
    await import_incidents(work, EXCERPT)
    before = await dump(work.database)
    clock.move(timedelta(days=1))
    report = await import_incidents(work, EXCERPT)
    assert report.counts.nothing_changed
    assert (report.records, report.counts.unchanged) == (346, 45)
    assert await dump(work.database) == before


async def test_one_run_is_one_entry_of_the_audit_trail(work):
    await import_incidents(work, EXCERPT)
    (entry,) = await rows(work, AuditEntry)
    assert (entry.tag, entry.person, entry.surface) == ("incident:imported", "import", "cli")
    assert entry.facts["lines"] == 346
    assert entry.facts["counts"]["new"] == 45


@pytest.mark.usefixtures("small_groups")
@pytest.mark.parametrize("stopped_in", [1, 4, 9])
async def test_a_run_that_was_stopped_goes_on_and_ends_as_if_it_had_not_been(work, stopped_in, tmp_path):
    class Stopped(Exception):
        pass

    groups = iter(range(1, 1000))

    def stop(_position, _size):
        if next(groups) == stopped_in:
            raise Stopped

    await import_incidents(work, EXCERPT)
    whole = await dump(work.database)
    async with work.database.writing() as writing:
        for name in reversed(TABLES):
            await writing.connection.execute(METADATA.tables[name].delete())
        if not work.database.is_sqlite:
            await writing.connection.execute(text("ALTER SEQUENCE known_error_id_seq RESTART"))
            await writing.connection.execute(text("ALTER SEQUENCE audit_entry_id_seq RESTART"))
    with pytest.raises(Stopped):
        await import_incidents(work, EXCERPT, progress=stop)
    (begun,) = await rows(work, ImportRun)
    assert begun.finished_at is None
    report = await import_incidents(work, EXCERPT)
    assert report.resumed_after == begun.line > 0
    assert (report.records, report.counts.new) == (346, 45)
    assert await dump(work.database) == whole


async def test_a_later_file_changes_what_has_changed_and_an_earlier_one_nothing(work, clock, tmp_path):
    new = write(tmp_path / "new.csv", [line("INC1", updates=3, state="Closed"), line("INC2", updates=1)])
    old = write(tmp_path / "old.csv", [line("INC1", updates=2, state="Active"), line("INC2", updates=1)])
    newest = write(
        tmp_path / "newest.csv", [line("INC1", updates=3, state="Closed"), line("INC2", updates=2, state="Closed")]
    )
    await import_incidents(work, new)
    clock.move(timedelta(days=1))
    assert (await import_incidents(work, old)).counts.nothing_changed
    report = await import_incidents(work, newest)
    assert (report.counts.new, report.counts.changed, report.counts.unchanged) == (0, 1, 1)
    assert [one.state for one in await rows(work, Incident, col(Incident.number))] == ["Closed", "Closed"]


@pytest.mark.usefixtures("small_groups")
async def test_an_incident_whose_lines_stand_apart_counts_as_new_once(work, tmp_path):
    lines = [line(f"INC{number}", updates=round_) for round_ in range(3) for number in range(25)]
    report = await import_incidents(work, write(tmp_path / "x.csv", lines))
    assert (report.counts.new, report.counts.changed) == (25, 0)
    assert {one.updates for one in await rows(work, Incident)} == {2}


async def test_within_a_file_an_earlier_update_never_replaces_a_later_one_and_of_equals_the_last_counts(
    work, tmp_path
):
    lines = [
        line("INC1", updates=2, state="Active"),
        line("INC1", updates=1, state="New"),
        line("INC2", updates=7, state="Active"),
        line("INC2", updates=7, state="Closed"),
        line("INC3", state="a"),
        line("INC1", updates=0, state="Never"),
    ]
    await import_incidents(work, write(tmp_path / "x.csv", lines))
    assert [one.state for one in await rows(work, Incident, col(Incident.number))] == ["Active", "Closed", "a"]


async def test_a_problem_that_was_corrected_moves_the_link(work, tmp_path):
    first = write(
        tmp_path / "1.csv", [line("INC1", updates=1, problem="PRB1"), line("INC2", updates=1, problem="PRB1")]
    )
    second = write(tmp_path / "2.csv", [line("INC1", updates=2, problem="PRB2"), line("INC2", updates=2)])
    await import_incidents(work, first)
    report = await import_incidents(work, second)
    assert await links(work) == {("INC1", 2)}
    assert (report.counts.linked, report.counts.unlinked, report.counts.known_errors) == (1, 2, 1)


async def test_what_people_linked_and_unlinked_stays_so(work, tmp_path):
    await make_known_error(work)
    await import_incidents(work, write(tmp_path / "1.csv", [line("INC1", updates=1, problem="PRB1")]))
    await link_incident(work, ANN, "INC1", [1])
    await unlink_incident(work, ANN, "INC1", [2])
    await import_incidents(work, write(tmp_path / "2.csv", [line("INC1", updates=2, problem="PRB1")]))
    assert await links(work) == {("INC1", 1)}


async def test_an_incident_that_somebody_named_first_gets_what_the_tool_knows_of_it(work, clock, tmp_path):
    await make_known_error(work)
    await link_incident(work, ANN, "INC0000045", [1])
    clock.move(timedelta(days=1))
    report = await import_incidents(work, write(tmp_path / "x.csv", [line("INC0000045", problem="PRB1")]))
    (incident,) = await rows(work, Incident)
    assert (report.counts.new, report.counts.changed) == (0, 1)
    assert (incident.opened_at, incident.recorded_by) == (datetime(2016, 2, 29, 1, 16, tzinfo=UTC), "U0ANN")
    assert incident.service == "PAY"
    assert await links(work) == {("INC0000045", 1), ("INC0000045", 2)}


@pytest.mark.usefixtures("catalog")
async def test_an_incident_belongs_to_the_service_of_its_item_or_to_the_chosen_one(work, tmp_path):
    lines = [
        line("INC1", ci="PAY-API"),
        line("INC2", ci="payments database", problem="PRB1"),
        line("INC3", ci="other"),
    ]
    path = write(tmp_path / "x.csv", lines)
    await import_incidents(work, path)
    assert [one.service for one in await rows(work, Incident, col(Incident.number))] == ["PAY", "PAY", None]
    assert [one.service for one in await rows(work, KnownError)] == ["PAY"]
    await import_incidents(work, path, ImportSettings(service="WEB"))
    assert {one.service for one in await rows(work, Incident)} == {"WEB"}
    with pytest.raises(Invalid, match=r"NOPE is not a service of the catalog\. Services: PAY, WEB"):
        await import_incidents(work, path, ImportSettings(service="NOPE"))


async def test_a_known_error_exists_since_its_problem_was_first_named(work, tmp_path):
    heading = ("number", "opened_at", "sys_updated_at", "problem_id")
    lines = [
        ("INC1", "5/1/2016 10:00", "6/1/2016 10:00", "?"),
        ("INC1", "5/1/2016 10:00", "9/1/2016 10:00", "PRB1"),
        ("INC2", "1/1/2016 10:00", "8/1/2016 10:00", "PRB1"),
    ]
    await import_incidents(work, write(tmp_path / "x.csv", lines, heading))
    (known_error,) = await rows(work, KnownError)
    assert known_error.recorded_at == known_error.live_at == datetime(2016, 1, 8, 10, tzinfo=UTC)
    assert {(row.incident, row.linked_at.day) for row in await rows(work, IncidentLink)} == {
        ("INC1", 9),
        ("INC2", 8),
    }


async def test_broken_lines_are_told_with_their_numbers_and_counted(work, tmp_path):
    told = []
    path = write(tmp_path / "x.csv", [line("INC1"), line("?"), line("INC2"), line("INC3")[:-1]])
    report = await import_incidents(work, path, skipped=told.append)
    assert [one.line for one in told] == [3, 5]
    assert (report.records, report.broken, report.counts.new) == (4, 2, 2)


async def test_the_times_of_a_file_are_on_the_clock_that_was_named(work, tmp_path):
    path = write(tmp_path / "x.csv", [line("INC1", opened="1/7/2016 12:00")])
    await import_incidents(work, path, ImportSettings(zone=ZoneInfo("Europe/Amsterdam")))
    (incident,) = await rows(work, Incident)
    assert incident.opened_at == datetime(2016, 7, 1, 10, 0, tzinfo=UTC)


async def test_a_file_that_cannot_be_used_leaves_no_trace(work, tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Invalid, match="has no column"):
        await import_incidents(work, tmp_path / "x.csv")
    assert await rows(work, ImportRun) == []


@pytest.mark.usefixtures("small_groups")
async def test_two_imports_of_one_file_at_a_time_end_as_one(work):
    await asyncio.gather(*(import_incidents(work, EXCERPT) for _ in range(2)))
    assert (len(await rows(work, Incident)), len(await rows(work, KnownError)), len(await links(work))) == (
        45,
        8,
        19,
    )


@pytest.mark.usefixtures("small_groups")
async def test_people_work_beside_an_import(work):
    await make_known_error(work)
    importing = asyncio.create_task(import_incidents(work, EXCERPT))
    linked = 0
    while not importing.done():
        await link_incident(work, ANN, f"NEW{linked}", [1])
        linked += 1
        await asyncio.sleep(0)
    await importing
    assert linked > 1
    assert len(await links(work)) == 19 + linked


def importing(database_url, path, *more) -> subprocess.Popen:
    environment = {**os.environ, "DATABASE_URL": database_url}
    command = [sys.executable, "-m", "bot", "import", "incidents", str(path), *more]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
async def migrated(database):
    """The address of a database that claims to be up to date."""
    from models.migrations.upgrade import migrations

    async with database.writing() as writing:
        await writing.connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        newest = migrations()[-1].partition("_")[0]
        await writing.connection.execute(text(f"INSERT INTO alembic_version VALUES ('{newest}')"))
    yield database.url.render_as_string(hide_password=False)
    async with database.writing() as writing:
        await writing.connection.execute(text("DROP TABLE alembic_version"))


async def test_an_import_that_is_killed_goes_on_where_it_was_and_ends_whole(migrated, work, tmp_path):
    path = many(tmp_path / "x.csv", 30)
    first = importing(migrated, path)
    begun = None
    while begun is None or begun.line < 500:
        assert first.poll() is None, first.communicate()
        await asyncio.sleep(0.01)
        begun = next(iter(await rows(work, ImportRun)), None)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert first.returncode == -signal.SIGKILL
    (begun,) = await rows(work, ImportRun)
    assert begun.finished_at is None
    incidents = len(await rows(work, Incident))
    assert begun.counts["new"] == incidents < 45 * 30

    out, err = await asyncio.to_thread(importing(migrated, path).communicate)
    assert err == ""
    assert f"Went on behind line {begun.line:,}" in out
    assert len(await rows(work, Incident)) == 45 * 30
    assert len(await rows(work, KnownError)) == 8
    assert len(await links(work)) == 19 * 30
    before = await dump(work.database)
    out, _ = await asyncio.to_thread(importing(migrated, path).communicate)
    assert "Nothing has changed" in out
    assert await dump(work.database) == before


async def test_the_command_tells_broken_lines_and_what_came_of_the_rest(migrated, work, tmp_path):
    path = write(tmp_path / "[bold]x.csv", [line("INC1", problem="PRB1"), line("INC2")[:-1]])
    command = importing(migrated, path)
    out, err = await asyncio.to_thread(command.communicate)
    assert command.returncode == 0
    assert err == "[bold]x.csv:3: skipped, because it has 7 fields where the first line has 8.\n"
    told = {
        " ".join(row.split("\u2502")[1].split()): row.split("\u2502")[2].strip()
        for row in out.splitlines()
        if "\u2502" in row
    }
    assert told["Incidents new"] == told["Links new"] == told["Broken records skipped"] == "1"


@pytest.mark.parametrize(
    ("name", "more", "why"),
    [
        ("none.csv", (), "cannot be read"),
        ("x.csv", ("--timezone", "Mars"), "'Mars' is not a time zone"),
        ("x.csv", ("--service", "nope"), "NOPE is not a service of the catalog"),
        ("x.csv", (), "has no column"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_cannot_be_used_is_one_sentence_and_exit_code_2(migrated, tmp_path, name, more, why):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    command = importing(migrated, tmp_path / name, *more)
    _, err = await asyncio.to_thread(command.communicate)
    assert command.returncode == 2
    assert why in err
    assert len(err.splitlines()) == 1

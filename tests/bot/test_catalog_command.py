"""``releasedesk catalog apply`` and ``export`` as people run them."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.catalog.revisions import CatalogCache
from models.storage.database import Database
from tests.conftest import DATA

ROOT = Path(__file__).parents[2]

EXAMPLE = DATA / "catalog.yaml"


@pytest.fixture
def run(tmp_path):
    """Runs the command in an empty folder, with an SQLite database in it."""

    def run(*arguments: object, given: bytes = b"", command: str = "apply") -> tuple[int, list[str], list[str]]:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "catalog", command, *map(str, arguments)],
            input=given,
            capture_output=True,
            cwd=tmp_path,
            env={
                "DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}",
                "PYTHONPATH": str(ROOT),
                "PATH": "/usr/bin:/bin",
            },
            check=False,
        )
        return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode().splitlines()

    return run


async def test_a_catalog_is_applied_to_a_database_that_is_not_there_yet(run, tmp_path):
    code, said, complaints = run(EXAMPLE)
    assert (code, complaints) == (0, [])
    assert "Service PAY added" in said
    assert said[-1] == "8 changes made."
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    async with database.reading() as session:
        assert set((await CatalogCache().current(session)).by_key) == {"PAY", "WEB"}
    await database.close()
    assert run(EXAMPLE) == (0, ["Nothing to change."], [])


def test_a_dry_run_says_the_same_and_leaves_no_file(run, tmp_path):
    code, said, _ = run("--dry-run", EXAMPLE)
    assert code == 0
    assert said[-1] == "8 changes to make; nothing is changed yet."
    assert list(tmp_path.iterdir()) == []


def test_standard_input_is_read_from_a_dash(run):
    run(EXAMPLE)
    given = EXAMPLE.read_bytes().replace(b"name: Payments\n", b"name: Pay\n")
    code, said, _ = run("-", given=given)
    assert (code, said) == (0, ["Service PAY, name: Payments -> Pay", "1 change made."])


def test_every_mistake_is_printed_with_file_line_and_field(run, tmp_path):
    (tmp_path / "wrong.yaml").write_text(EXAMPLE.read_text().replace("U0OLGA", "olga").replace("T-5d", "5d"))
    code, said, complaints = run("wrong.yaml")
    assert (code, said) == (2, [])
    assert [line.partition(": '")[0] for line in complaints] == [
        "wrong.yaml:17: services[0].owner",
        "wrong.yaml:65: services[0].policy.plan[1].due",
        "wrong.yaml:84: services[1].owner",
        "3 mistakes; nothing is changed.",
    ]
    assert not (tmp_path / "desk.db").exists()


def test_mistakes_in_standard_input_are_called_so(run):
    code, _, complaints = run("-", given=b"version: 1\nservice: []\n")
    assert code == 2
    assert complaints == [
        "standard input:2: service: There is no field 'service' here. Did you mean 'services'?",
        "1 mistake; nothing is changed.",
    ]


@pytest.mark.parametrize(("name", "reason"), [("none.yaml", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(run, name, reason):
    assert run(name) == (2, [], [f"{name} cannot be read: {reason}."])


def test_what_was_applied_is_written_back_and_applies_again_without_a_change(run, tmp_path):
    run(EXAMPLE)

    assert run("out.yaml", command="export") == (0, ["Revision 1 written to out.yaml."], [])
    code, said, complaints = run(command="export")

    assert (code, complaints) == (0, [])
    assert said == (tmp_path / "out.yaml").read_text().splitlines()
    assert said[0].startswith("# The catalog of Release Desk as it applies, revision 1.")
    assert run("out.yaml") == (0, ["Nothing to change."], [])


def test_without_a_catalog_there_is_nothing_to_write_and_no_database_is_made(run, tmp_path):
    code, said, complaints = run("out.yaml", command="export")

    assert (code, said) == (1, [])
    assert complaints == ["No catalog has been applied yet. Apply one with `releasedesk catalog apply FILE`."]
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_named(run):
    run(EXAMPLE)

    assert run("no/folder.yaml", command="export") == (
        2,
        [],
        ["no/folder.yaml cannot be written: No such file or directory."],
    )


def test_a_file_that_exists_is_left_alone_until_its_replacement_is_asked_for(run, tmp_path):
    run(EXAMPLE)
    (tmp_path / "mine.yaml").write_text("# mine\n")

    assert run("mine.yaml", command="export") == (
        2,
        [],
        ["mine.yaml exists already and is as it was. Name another file, or add --replace."],
    )
    assert (tmp_path / "mine.yaml").read_text() == "# mine\n"
    assert run("mine.yaml", "--replace", command="export") == (0, ["Revision 1 written to mine.yaml."], [])
    assert run("mine.yaml") == (0, ["Nothing to change."], [])
    assert run("--replace", ".", command="export") == (2, [], [". cannot be written: Is a directory."])

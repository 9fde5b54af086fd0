"""The command line: what there is, what it prints, and its exit codes."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).parents[2]


def releasedesk(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(TOP), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    found = releasedesk("--help", folder=tmp_path)
    assert found.returncode == 0
    names = ("run", "demo", "workspace", "doctor", "migrate", "catalog", "gate", "import", "version")
    assert [name for name in names if f"  {name} " not in found.stdout] == []


def test_the_version_is_that_of_the_distribution(tmp_path: Path) -> None:
    assert releasedesk("version", folder=tmp_path).stdout == f"{version('release-desk')}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("demo", "--port", "99999"), "65535"),
        (("catalog", "apply"), "Missing argument"),
        (("import", "nonsense"), "No such command"),
        (("run",), "SLACK_BOT_TOKEN is not set"),
        (("run", "--verbose"), "No such option"),
    ],
)
def test_misuse_is_told_on_standard_error_with_exit_code_2(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    found = releasedesk(*arguments, folder=tmp_path)
    assert found.returncode == 2
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_migrate_brings_the_schema_up_to_date_once(tmp_path: Path) -> None:
    first = releasedesk("migrate", folder=tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("Applied 0001")
    assert (tmp_path / "releasedesk.db").exists()
    assert releasedesk("migrate", folder=tmp_path).stdout == "The schema is up to date.\n"


def test_the_doctor_ends_with_1_when_something_fails(tmp_path: Path) -> None:
    found = releasedesk("doctor", folder=tmp_path, SLACK_API_URL="http://127.0.0.1:1/api/")
    assert found.returncode == 1
    assert "FAIL  SLACK_BOT_TOKEN is not set" in found.stdout


def test_the_workspace_alone_prints_the_settings_for_its_app(tmp_path: Path) -> None:
    people = {"people": [{"id": "U0ANN", "name": "ann"}], "channels": [{"id": "C0PAY", "name": "pay"}]}
    (tmp_path / "people.yaml").write_text(yaml.safe_dump(people))
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "workspace", "people.yaml", "--port", "0"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(TOP)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5)]
        assert lines[0].startswith("http://127.0.0.1:")
        names = [line.partition("=")[0] for line in lines[2:]]
        assert names == ["SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    finally:
        process.kill()
        process.communicate()


def test_a_workspace_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    found = releasedesk("workspace", "people.yaml", folder=tmp_path)
    assert found.returncode == 1
    assert found.stderr == "people.yaml: No such file or directory\n"

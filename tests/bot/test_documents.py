"""The documents name what there is."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.slack.manifest import bot_scopes, load_manifest
from handlers.registration import build_registry

TOP = Path(__file__).parents[2]

DOCUMENTS = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", ["docs/settings.md", ".env.example"])
def test_every_setting_is_documented_and_no_other(document: str) -> None:
    text = (TOP / document).read_text()
    pattern = r"^\| `([A-Z_]+)`" if document.endswith(".md") else r"^#? ?([A-Z_]+)="
    assert sorted(re.findall(pattern, text, re.MULTILINE)) == sorted(name.upper() for name in Settings.model_fields)


def test_the_scopes_that_are_explained_are_those_of_the_manifest() -> None:
    rows = re.findall(r"^\| (`[a-z:`, ]+`) \|", (TOP / "docs/install-in-slack.md").read_text(), re.MULTILINE)
    explained = {scope for row in rows for scope in re.findall(r"`([a-z:]+)`", row)}
    assert explained == bot_scopes(load_manifest())


def test_the_events_that_are_worth_an_alarm_exist() -> None:
    rows = re.findall(r"^\| (`[a-z_]+`.*?) \|", (TOP / "docs/operating.md").read_text(), re.MULTILINE)
    named = {event for row in rows for event in re.findall(r"`([a-z]+_[a-z_]+)`", row)}
    assert named
    packages = ("bot", "handlers", "scheduler")
    code = "".join(path.read_text() for package in packages for path in (TOP / package).rglob("*.py"))
    assert [event for event in named if f'"{event}"' not in code] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)\s]+)\)", _without_examples(document))
    assert [link for link in links if not _leads_somewhere(document, link)] == []


def _leads_somewhere(document: Path, link: str) -> bool:
    name, _, heading = link.partition("#")
    there = document.parent / name if name else document
    return there.exists() and (not heading or heading in _anchors(there))


def _anchors(document: Path) -> set[str]:
    """The anchors that a page of headings gets: GitHub's way."""
    headings = re.findall(r"^#+ (.*)$", _without_examples(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_every_command_exists(document: Path) -> None:
    commands = build_registry().commands()
    known = {(command, verb.name) for command, verbs in commands.items() for verb in verbs}
    known |= {(command, "help") for command in commands}
    names = "|".join(commands)
    named = re.findall(rf"`({names}) ([a-z-]+)", document.read_text())
    assert [one for one in named if one not in known] == []


def _without_examples(document: Path) -> str:
    return re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_lines_are_short_but_for_tables(document: Path) -> None:
    lines = _without_examples(document).splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_nothing_is_said_twice(document: Path) -> None:
    lines = [line for line in _without_examples(document).splitlines() if len(line) > 40]
    assert [line for line, times in Counter(lines).items() if times > 1] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_every_file_and_folder_of_the_code_that_is_named_exists(document: Path) -> None:
    named = re.findall(
        r"`((?:bot|handlers|messages|models|scheduler|tests|bench|docs)/[\w./-]*)`", document.read_text()
    )
    assert [path for path in named if not (TOP / path).exists()] == []


def test_the_table_of_topics_names_rooms_that_exist() -> None:
    rows = re.findall(r"^\| [a-z]+ \|[^|]*\|(.*)\|$", (TOP / "docs/architecture.md").read_text(), re.MULTILINE)
    floors = ("models", "handlers", "messages", "messages/templates")
    missing = [
        f"{floor}/{room}"
        for row in rows
        for floor, cell in zip(floors, row.split("|"), strict=True)
        for room in re.findall(r"`([\w./]+)`", cell)
        if not (TOP / floor / room).exists()
    ]
    assert rows
    assert missing == []

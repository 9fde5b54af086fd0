"""The documents for whoever runs it name what there is."""

import re
from pathlib import Path

import pytest

from bot.manifest import bot_scopes, load_manifest
from bot.settings import Settings

TOP = Path(__file__).parents[2]


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

"""A workspace filled from a description, and who sees what of it."""

from pathlib import Path
from typing import Any

import pytest

from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from tests.workspace.conftest import DESCRIPTION, MANIFEST

Json = dict[str, Any]


async def test_a_workspace_is_filled_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(
        "people:\n- {id: U0ZOE, name: zoe, real_name: Zoe Z, tz: Asia/Tokyo}\n"
        "channels:\n- {id: C0NEW, name: new, members: [zoe]}\n"
    )
    made = Workspace.from_file(file, App.from_manifest(MANIFEST))
    assert made.person("zoe").tz == "Asia/Tokyo"
    assert made.channel("#new").members == ["U0ZOE", "U0BOT"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"people": [{"id": "zoe", "name": "zoe"}]}, "is not an id"),
        ({"people": [{"id": "U0ZOE", "name": "zoe", "shoe": 38}]}, "shoe"),
        ({"channels": [{"id": "C0NEW", "name": "new", "members": ["nobody"]}]}, "nobody called 'nobody'"),
    ],
)
async def test_a_wrong_description_names_the_row(wrong: Json, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Workspace.from_dict(wrong, App.from_manifest(MANIFEST))


async def test_private_and_direct_conversations_are_seen_by_their_members_alone(workspace: Workspace) -> None:
    await workspace.say("ann", "private", "secret")
    assert [one.text for one in workspace.messages_in("C0PRIV", "U0ANN")] == ["secret"]
    assert workspace.messages_in("C0PRIV", "U0BOB") == []
    assert [one.name for one in workspace.channels_of("U0ANN")] == ["open", "other", "private"]
    assert DESCRIPTION["channels"][0]["members"] == ["ann", "bob"]

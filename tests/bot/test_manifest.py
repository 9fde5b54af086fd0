"""The manifest fits Slack's schema, and what it promises is what is registered."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.slack.manifest import bot_scopes, load_manifest, manifest_path
from handlers.dispatch.registry import Registry
from handlers.registration import build_registry

SCHEMA = Path(__file__).parent.parent / "data" / "slack-manifest.schema.json"

SOURCE = Path(__file__).parent.parent.parent

SCOPES_BY_METHOD = {
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "chat_postEphemeral": "chat:write",
    "conversations_open": "im:write",
    "conversations_info": "channels:read",
    "conversations_history": "channels:history",
    "conversations_replies": "channels:history",
    "users_info": "users:read",
    "usergroups_users_list": "usergroups:read",
    "usergroups_list": "usergroups:read",
}
"""The scope each method needs, from Slack's reference."""

NEED_NO_SCOPE = {
    "auth_test", "apps_connections_open", "views_open", "views_update", "views_push", "views_publish",
    "blocks_validate",
}  # fmt: skip

FAMILIES = "auth|apps|blocks|chat|conversations|users|usergroups|views|reactions|pins|files"

METHOD = re.compile(rf"""(?:client\.|call\(")((?:{FAMILIES})[._][\w.]+)""")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return load_manifest()


@pytest.fixture(scope="module")
def registry() -> Registry:
    return build_registry()


def shortcuts(manifest: dict[str, Any]) -> list[str]:
    return [shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]]


def test_the_manifest_is_valid_against_slacks_schema(manifest: dict[str, Any]) -> None:
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text()))


def test_the_manifest_at_the_top_of_the_checkout_is_the_one_that_is_read() -> None:
    assert manifest_path() == SOURCE / "app_manifest.yml"


def test_the_commands_of_the_manifest_are_those_that_are_registered(
    manifest: dict[str, Any], registry: Registry
) -> None:
    named = [command["command"] for command in manifest["features"]["slash_commands"]]
    assert sorted(named) == sorted(registry.commands())


def test_the_shortcuts_of_the_manifest_are_those_that_are_registered(
    manifest: dict[str, Any], registry: Registry
) -> None:
    assert sorted(shortcuts(manifest)) == sorted(registry.shortcuts)


def test_the_events_of_the_manifest_are_those_that_are_registered(
    manifest: dict[str, Any], registry: Registry
) -> None:
    assert sorted(manifest["settings"]["event_subscriptions"]["bot_events"]) == sorted(registry.events)


def test_every_verb_in_a_usage_hint_exists(manifest: dict[str, Any], registry: Registry) -> None:
    for command in manifest["features"]["slash_commands"]:
        hinted = {hint.split()[0] for hint in command["usage_hint"].split("|")} - {"help"}
        assert hinted <= {verb.name for verb in registry.commands()[command["command"]]}


def test_the_manifest_asks_for_exactly_the_scopes_that_are_used(manifest: dict[str, Any]) -> None:
    used = {"commands"}
    for package in ("bot", "handlers", "scheduler"):
        for path in (SOURCE / package).rglob("*.py"):
            if {"workspace", "demo"} & set(path.relative_to(SOURCE).parts):
                continue
            called = {method.replace(".", "_") for method in METHOD.findall(path.read_text())}
            for method in called - NEED_NO_SCOPE:
                used.add(SCOPES_BY_METHOD[method])
    private = {f"groups:{kind}" for kind in ("read", "history")}
    direct = {"im:history"}
    assert bot_scopes(manifest) == used | private | direct

"""The app's manifest: people paste it into Slack, the doctor and the local workspace read it."""

from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parents[1]


def manifest_path() -> Path:
    """Inside ``bot/`` when installed, at the top of a checkout."""
    packed = _HERE / "app_manifest.yml"
    return packed if packed.exists() else _HERE.parent / "app_manifest.yml"


def load_manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load(manifest_path().read_text(encoding="utf-8"))
    return manifest


def bot_scopes(manifest: dict[str, Any]) -> frozenset[str]:
    """The scopes that the bot token needs."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])

"""``releasedesk workspace``: the local workspace alone, for an app in another process."""

import asyncio
from pathlib import Path

import yaml

from bot.slack.manifest import manifest_path
from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App


async def serve_alone(file: Path, port: int, manifest: Path | None = None, request_url: str | None = None) -> None:
    """Serve the workspace described in ``file`` until interrupted, and print the settings for its app.

    With ``request_url`` it sends signed HTTP there instead of using Socket Mode. Raises OSError when a file cannot
    be read or the port is taken.
    """
    described = yaml.safe_load((manifest or manifest_path()).read_text(encoding="utf-8"))
    app = App.from_manifest(described, request_url=request_url, socket_mode=request_url is None)
    workspace = Workspace.from_file(file, app)
    async with serve(workspace, port) as address:
        print(f"{workspace.base_url}\n")  # noqa: T201 - the purpose of the command
        for name, value in _settings(app, address).items():
            print(f"{name}={value}", flush=True)  # noqa: T201
        await asyncio.Event().wait()


def _settings(app: App, address: str) -> dict[str, str]:
    way = ("SLACK_APP_TOKEN", app.app_token) if app.socket_mode else ("SLACK_SIGNING_SECRET", app.signing_secret)
    return {"SLACK_API_URL": address, "SLACK_BOT_TOKEN": app.bot_token, way[0]: way[1]}

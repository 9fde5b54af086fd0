"""A bare Bolt app: a listener for each of our handlers, which acknowledges and does nothing else."""

import asyncio
import os
import sys

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


async def _ack(ack):  # type: ignore[no-untyped-def]
    await ack()


async def _authorize(**_):  # type: ignore[no-untyped-def]
    return AuthorizeResult(
        enterprise_id=None, team_id="T0", bot_token="xoxb-bench", bot_id="B0", bot_user_id="U0BOT"
    )


def build(names: list[str]) -> AsyncApp:
    """An app with a listener for each ``kind name`` in ``names``."""
    app = AsyncApp(
        client=AsyncWebClient(token="xoxb-bench", base_url=os.environ["SLACK_API_URL"]),
        signing_secret=os.environ.get("SLACK_SIGNING_SECRET", "bench"),
        authorize=_authorize,
    )
    for entry in names:
        kind, _, name = entry.partition(" ")
        getattr(app, kind)(name)(_ack)
    return app


async def main(names: list[str]) -> None:
    """Connect by Socket Mode if there is an app token, else serve HTTP on PORT."""
    app = build(names)
    if os.environ.get("SLACK_APP_TOKEN"):
        await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()
    else:
        from aiohttp import web

        runner = web.AppRunner(app.web_app("/slack/events"))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1].splitlines()))

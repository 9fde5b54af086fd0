"""The control interface: HTTP and JSON under ``/control/``, for tests and demos that live in another process.

Most addresses do what the method of the same name of :class:`~bot.workspace.workspace.Workspace` does; see
docs/local-workspace.md.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.workspace.workspace import Workspace
from bot.workspace.world import payloads
from bot.workspace.world.errors import ActRefused, DeliveryFailed
from bot.workspace.world.faults import KINDS
from bot.workspace.world.records import Json

_Act = Callable[[Workspace, Json], Awaitable[Any]]


async def _say(workspace: Workspace, body: Json) -> Any:
    said = await workspace.say(body["user"], body["channel"], body["text"], body.get("thread_ts"))
    return payloads.message(workspace, said)


async def _command(workspace: Workspace, body: Json) -> Any:
    return await workspace.command(body["user"], body["channel"], body["line"])


def _where(body: Json) -> Any:
    return body["view_id"] if "view_id" in body else (body["channel"], body["ts"])


async def _click(workspace: Workspace, body: Json) -> Any:
    where, block_id = _where(body), body.get("block_id")
    return await workspace.click(
        body["user"], where, block_id, body["action_id"], body.get("value"), body.get("state")
    )


async def _suggest(workspace: Workspace, body: Json) -> Any:
    where, block_id = _where(body), body.get("block_id")
    return await workspace.suggest(body["user"], where, block_id, body["action_id"], body["typed"])


async def _submit(workspace: Workspace, body: Json) -> Any:
    return await workspace.submit(body["user"], body["view_id"], body.get("values") or {})


async def _close(workspace: Workspace, body: Json) -> Any:
    return await workspace.close(body["user"], body["view_id"])


async def _open_home(workspace: Workspace, body: Json) -> Any:
    return await workspace.open_home(body["user"], body.get("tab", "home"))


async def _shortcut(workspace: Workspace, body: Json) -> Any:
    return await workspace.shortcut(body["user"], body["callback_id"])


async def _message_shortcut(workspace: Workspace, body: Json) -> Any:
    return await workspace.message_shortcut(body["user"], body["callback_id"], body["channel"], body["ts"])


async def _join(workspace: Workspace, body: Json) -> Any:
    await workspace.join(body["user"], body["channel"])
    return {}


async def _update_person(workspace: Workspace, body: Json) -> Any:
    return asdict(await workspace.update_person(body["user"], **body["fields"]))


async def _update_group(workspace: Workspace, body: Json) -> Any:
    return asdict(await workspace.update_group(body["group"], body["members"]))


async def _disable_group(workspace: Workspace, body: Json) -> Any:
    return asdict(await workspace.disable_group(body["group"], disabled=bool(body.get("disabled", True))))


async def _hire(workspace: Workspace, body: Json) -> Any:
    return asdict(await workspace.hire(**body["fields"]))


async def _add_fault(workspace: Workspace, body: Json) -> Any:
    return asdict(workspace.faults.add(**body))


async def _clear_faults(workspace: Workspace, _: Json) -> Any:
    workspace.faults.clear()
    return {}


async def _drop_sockets(workspace: Workspace, _: Json) -> Any:
    return {"dropped": await workspace.deliveries.sockets.drop()}


async def _reconnect(workspace: Workspace, body: Json) -> Any:
    reason = body.get("reason", "refresh_requested")
    await workspace.deliveries.sockets.ask_reconnect(reason, float(body.get("grace", 10)))
    return {}


async def _move_clock(workspace: Workspace, body: Json) -> Any:
    if body.get("to") == "next_due":
        await workspace.clock.move_to_next_due()
    elif "to" in body:
        await workspace.clock.move(to=datetime.fromisoformat(body["to"]))
    else:
        await workspace.clock.move(by=timedelta(seconds=float(body["seconds"])))
    return {"now": workspace.clock.now().isoformat()}


async def _idle(workspace: Workspace, body: Json) -> Any:
    await workspace.idle(float(body.get("quiet", 0.05)), float(body.get("patience", 10)))
    return {}


_ACTS: dict[str, _Act] = {
    "say": _say,
    "command": _command,
    "click": _click,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
    "open-home": _open_home,
    "shortcut": _shortcut,
    "message-shortcut": _message_shortcut,
    "join": _join,
    "update-person": _update_person,
    "update-group": _update_group,
    "disable-group": _disable_group,
    "hire": _hire,
    "faults": _add_fault,
    "faults/clear": _clear_faults,
    "sockets/drop": _drop_sockets,
    "sockets/reconnect": _reconnect,
    "clock": _move_clock,
    "idle": _idle,
}


def _messages(workspace: Workspace, query: Json) -> Any:
    channel = workspace.channel(query["channel"]).id
    reader = query.get("reader")
    if reader is None:
        rows = workspace.everything_in(channel)
    elif "ts" in query:
        rows = workspace.thread(channel, query["ts"], workspace.person(reader).id)
    else:
        rows = workspace.messages_in(channel, workspace.person(reader).id)
    return [
        {**payloads.message(workspace, one, with_metadata=True), "ephemeral_to": one.ephemeral_to} for one in rows
    ]


def _views(workspace: Workspace, query: Json) -> Any:
    reader = workspace.person(query["user"]).id
    home = workspace.home(reader)
    return {
        "modals": [{**payloads.view(workspace, one), "errors": one.errors} for one in workspace.modals[reader]],
        "home": payloads.view(workspace, home) if home else None,
    }


def _state(workspace: Workspace, _: Json) -> Any:
    return {
        "now": workspace.clock.now().isoformat(),
        "connections": workspace.deliveries.sockets.ready,
        "outstanding": workspace.deliveries.outstanding,
        "people": [asdict(one) for one in workspace.people.values()],
        "groups": [asdict(one) for one in workspace.groups.values()],
        "channels": [asdict(one) for one in workspace.channels.values()],
        "faults": [asdict(one) for one in workspace.faults.all()],
        "fault_kinds": KINDS,
    }


def _traffic(workspace: Workspace, query: Json) -> Any:
    return [one.shown() for one in workspace.traffic.last(int(query.get("limit", 100)))]


_QUESTIONS: dict[str, Callable[[Workspace, Json], Any]] = {
    "state": _state,
    "messages": _messages,
    "views": _views,
    "traffic": _traffic,
}


def add_control(app: web.Application, workspace: Workspace) -> None:
    for name, act in _ACTS.items():
        app.router.add_post(f"/control/{name}", _acting(workspace, act))
    for name, question in _QUESTIONS.items():
        app.router.add_get(f"/control/{name}", _asking(workspace, question))


def _acting(workspace: Workspace, act: _Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        # Without asking first, a page of another site can post forms, but no JSON.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="Send JSON.")
        try:
            return web.json_response(await act(workspace, json.loads(await request.read())))
        except DeliveryFailed as failure:
            return web.json_response({"error": failure.code, "message": str(failure)}, status=504)
        except TimeoutError:
            return web.json_response({"error": "busy", "message": "it did not become idle"}, status=504)
        except (ActRefused, KeyError, TypeError, ValueError) as refused:
            return web.json_response({"error": "refused", "message": str(refused)}, status=400)

    return handle


def _asking(
    workspace: Workspace, question: Callable[[Workspace, Json], Any]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(question(workspace, dict(request.query)))
        except (KeyError, ValueError) as refused:
            return web.json_response({"error": "refused", "message": str(refused)}, status=400)

    return handle

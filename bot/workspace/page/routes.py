"""The page's addresses and their handlers."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.workspace.page import acts, live_updates, pages
from bot.workspace.page.responses import HERE
from bot.workspace.workspace import Workspace

Handler = Callable[[Workspace, web.Request], Awaitable[web.StreamResponse]]

GETS: dict[str, Handler] = {
    "/": pages.front,
    "/as/{person}": pages.front,
    "/as/{person}/live": live_updates.stream_updates,
    "/as/{person}/with/{other}": pages.conversation_with,
    "/as/{person}/suggest/{kind}/{where:.+}": acts.suggest,
    "/as/{person}/{place}": pages.page,
    "/as/{person}/{place}/part/{part}": pages.part,
}
POSTS: dict[str, Handler] = {
    "/clock": acts.move_clock,
    "/faults": acts.switch_faults,
    "/as/{person}/shortcut": acts.shortcut,
    "/as/{person}/act/{kind}/{where:.+}": acts.act,
    "/as/{person}/view/{view}/submit": acts.submit,
    "/as/{person}/view/{view}/close": acts.close,
    "/as/{person}/{place}/say": acts.say,
}


def add_routes(app: web.Application, workspace: Workspace) -> None:
    """Everything below `/as/` and `/static/`, the front page, and the clock and faults that all share."""
    for address, handler in GETS.items():
        app.router.add_get(address, _bound(handler, workspace))
    for address, handler in POSTS.items():
        app.router.add_post(address, _bound(handler, workspace))
    app.router.add_static("/static/", HERE / "static")
    open_pages = live_updates.OpenPages()
    app[live_updates.OPEN_PAGES] = open_pages
    app.on_shutdown.append(open_pages.close)


def _bound(handler: Handler, workspace: Workspace) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(workspace, request)

    return handle

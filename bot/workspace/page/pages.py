"""Whole pages, and parts of them for redrawing."""

from aiohttp import web

from bot.workspace.page.responses import render
from bot.workspace.page.screen import HOME, SHOWN_AT_FIRST, TRAFFIC, Screen
from bot.workspace.workspace import Workspace
from bot.workspace.world.records import Person
from bot.workspace.world.traffic import TrafficEntry

PARTS = frozenset({"clock", "sidebar", "messages", "replies", "home", "modals", "traffic_list", "faults"})
CONVERSATION_PARTS = frozenset({"messages", "replies"})
ENTRIES_SHOWN = 200
MOST_SHOWN = 5000


def person_of(workspace: Workspace, request: web.Request) -> Person:
    """The person in the address. Raises 404 for anybody that one cannot act as."""
    person = workspace.people.get(request.match_info["person"])
    if person is None or person.is_bot or person.deleted:
        raise web.HTTPNotFound(text="There is nobody of that name to act as.")
    return person


async def front(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Redirect to the first channel of the person named, or of the first person."""
    if "person" in request.match_info:
        person = person_of(workspace, request)
    else:
        everybody = workspace.humans()
        if not everybody:
            raise web.HTTPNotFound(text="There is nobody in this workspace yet.")
        person = everybody[0]
    raise web.HTTPFound(f"/as/{person.id}/{_first_place(workspace, person)}")


def _first_place(workspace: Workspace, person: Person) -> str:
    mine = workspace.channels_of(person.id)
    return mine[0].id if mine else HOME


def screen_of(workspace: Workspace, request: web.Request) -> Screen:
    """Raises 404 for a channel that this person may not see."""
    person = person_of(workspace, request)
    place = request.match_info.get("place", HOME)
    if place not in {HOME, TRAFFIC} and not workspace.can_read(person.id, place):
        raise web.HTTPNotFound(text="There is no such channel, or not for this person.")
    return Screen(
        workspace,
        person,
        place,
        thread=request.query.get("thread") if place not in {HOME, TRAFFIC} else None,
        shown=min(_number(request, "shown") or SHOWN_AT_FIRST, MOST_SHOWN),
        entry=_number(request, "entry"),
    )


def _number(request: web.Request, name: str) -> int | None:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None


async def page(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Opening the Home is an act that the app hears of; a channel that is shown counts as read."""
    try:
        screen = screen_of(workspace, request)
    except web.HTTPNotFound:
        raise _elsewhere(workspace, request) from None
    if screen.place == HOME:
        if screen.app.home_tab:
            workspace.deliveries.in_background(workspace.open_home(screen.person.id))
    elif screen.channel is not None:
        workspace.mark_read(screen.person.id, screen.place)
    return render("page.html", **_context(screen), title=_title(screen))


def _elsewhere(workspace: Workspace, request: web.Request) -> web.HTTPException:
    """Where this person may not look, redirect to their first channel: so switching people always arrives."""
    person = person_of(workspace, request)
    return web.HTTPFound(f"/as/{person.id}/{_first_place(workspace, person)}")


def _title(screen: Screen) -> str:
    if screen.place == HOME:
        return screen.app.name
    return screen.channel_name(screen.channel) if screen.channel else "Traffic"


def _context(screen: Screen) -> dict[str, object]:
    entries: list[TrafficEntry] = []
    if screen.place == TRAFFIC:
        entries = screen.workspace.traffic.last(ENTRIES_SHOWN)
    return {"screen": screen, "entries": entries, "entry": screen.entry}


async def part(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """A conversation counts as read only while the page is visible."""
    name = request.match_info["part"]
    screen = screen_of(workspace, request)
    if name not in PARTS or (name in CONVERSATION_PARTS and screen.channel is None):
        raise web.HTTPNotFound(text="There is no such part.")
    if name == "messages" and request.headers.get("Page-Hidden") != "true":
        workspace.mark_read(screen.person.id, screen.place)
    return render(f"{name}.html", **_context(screen))


async def conversation_with(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """The other may be the app."""
    person = person_of(workspace, request)
    other = workspace.people.get(request.match_info["other"])
    if other is None or other.deleted:
        raise web.HTTPNotFound(text="There is nobody of that name.")
    raise web.HTTPFound(f"/as/{person.id}/{workspace.direct(person.id, other.id).id}")

"""What people do on the page, handed to the workspace."""

import json
import re
from datetime import timedelta

from aiohttp import web
from multidict import MultiDict

from bot.workspace.page.form_values import entered_values
from bot.workspace.page.pages import person_of
from bot.workspace.page.rendering.html import join
from bot.workspace.page.rendering.mrkdwn import label_of
from bot.workspace.page.rendering.selects import option_list
from bot.workspace.page.responses import HEADERS, render
from bot.workspace.page.screen import HOME, Screen
from bot.workspace.workspace import Workspace
from bot.workspace.world.element_values import FIELDS, find_element
from bot.workspace.world.errors import ActRefused, DeliveryFailed
from bot.workspace.world.records import Message, View

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
COMMAND = re.compile(r"/[a-z]")
REFUSALS = (ActRefused, DeliveryFailed, KeyError, ValueError)
"""Shown to the person who tried it."""


def _done(**events: object) -> web.Response:
    """Nothing to swap: the page hears of changes by itself. `events` are for its script."""
    headers = HEADERS | ({"HX-Trigger": json.dumps(events)} if events else {})
    return web.Response(status=204, headers=headers)


def _refused(error: Exception, command: str = "") -> web.Response:
    """A command that the app left unanswered is named as in Slack."""
    if command and isinstance(error, DeliveryFailed):
        return _done(toast=f"{command} failed with the error “{error.code}”")
    words = str(error.args[0]) if error.args else "That did not work"
    return _done(toast=words[:1].upper() + words[1:])


async def _posted(request: web.Request) -> MultiDict[str]:
    """The form's texts, without files."""
    return MultiDict((key, value) for key, value in (await request.post()).items() if isinstance(value, str))


def _where(workspace: Workspace, request: web.Request) -> Message | View:
    """The message or view whose control was used. Raises KeyError when it is gone."""
    kind, where = request.match_info["kind"], request.match_info["where"]
    found: Message | View | None
    if kind == "view":
        found = workspace.view(where)
    else:
        channel, _, ts = where.partition("/")
        found = workspace.find(channel, ts)
    if found is None:
        raise KeyError("this is gone")
    return found


async def act(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """A button, select or other control was used; the form holds everything entered around it."""
    person, posted = person_of(workspace, request), await _posted(request)
    block_id, action_id = posted.get("block_id", ""), posted.get("action_id", "")
    try:
        where = _where(workspace, request)
        state = entered_values(where.blocks, posted, person.zone)
        _, element = find_element(where.blocks, block_id, action_id)
        value = state.get(block_id, {}).get(action_id) if element["type"] in FIELDS else posted.get("choice")
        await workspace.click(person.id, where, block_id, action_id, value, state)
    except REFUSALS as error:
        return _refused(error)
    return _done()


async def suggest(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """The options that the app suggests for what is typed into an external select."""
    person, query = person_of(workspace, request), request.query
    try:
        where = _where(workspace, request)
        options = await workspace.suggest(
            person.id, where, query.get("block_id"), query.get("action_id", ""), query.get("typed", "")
        )
    except REFUSALS as error:
        return _refused(error)
    suggested = [(str(one.get("value", "")), label_of(one.get("text"))) for one in options]
    return web.Response(text=join([option_list([("", suggested)])]), content_type="text/html", headers=HEADERS)


async def submit(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Answers with the modal that is open afterwards, if any."""
    person, posted = person_of(workspace, request), await _posted(request)
    view = workspace.view(request.match_info["view"])
    if view is None:
        return _done(toast="This is gone")
    try:
        await workspace.submit(person.id, view.id, entered_values(view.blocks, posted, person.zone))
    except REFUSALS as error:
        return _refused(error)
    return render("modals.html", screen=Screen(workspace, person, HOME))


async def close(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """The cross closes the whole stack, Cancel the one modal."""
    person, posted = person_of(workspace, request), await _posted(request)
    stack: list[View] = workspace.modals.get(person.id, [])
    named = [one for one in stack if one.id == request.match_info["view"]]
    closing = list(reversed(stack)) if posted.get("all") else named
    try:
        for view in closing:
            if view in workspace.modals[person.id]:
                await workspace.close(person.id, view.id)
    except REFUSALS as error:
        return _refused(error)
    return _done()


async def say(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """A text that begins with a slash and a letter is a command."""
    person, posted = person_of(workspace, request), await _posted(request)
    place, thread = request.match_info["place"], posted.get("thread") or None
    text = posted.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        return _done()
    try:
        if COMMAND.match(text):
            if thread:
                name = text.split()[0]
                raise ActRefused(f"{name} is not supported in threads. Type it into the channel.")
            await workspace.command(person.id, place, text)
        else:
            await workspace.say(person.id, place, as_sent(workspace, text), thread)
    except REFUSALS as error:
        return _refused(error, text.split()[0])
    return _done(sent=True)


def as_sent(workspace: Workspace, text: str) -> str:
    """As Slack's client sends a typed message: escaped, `@name` and `#channel` replaced by ids."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    named = {f"@{one.name}": f"<@{one.id}>" for one in workspace.people.values()}
    named |= {f"#{one.name}": f"<#{one.id}>" for one in workspace.channels.values() if one.kind == "channel"}
    return re.sub(r"(?<![\w&])[@#][\w.-]*\w", lambda found: named.get(found[0], found[0]), text)


async def shortcut(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Global, or with `ts` a message's."""
    person, posted = person_of(workspace, request), await _posted(request)
    callback_id, ts = posted.get("callback_id", ""), posted.get("ts", "")
    try:
        if ts:
            await workspace.message_shortcut(person.id, callback_id, posted.get("channel", ""), ts)
        else:
            await workspace.shortcut(person.id, callback_id)
    except REFUSALS as error:
        return _refused(error)
    return _done()


async def move_clock(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """By a step, or to what the app has to do next."""
    by = (await _posted(request)).get("by", "")
    if by in STEPS:
        await workspace.clock.move(by=STEPS[by])
    elif await workspace.clock.move_to_next_due() is None:
        return _done(toast="Nothing is due: there is nothing to move the clock to.")
    return _done()


async def switch_faults(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    posted = await _posted(request)
    try:
        if number := posted.get("remove"):
            workspace.faults.remove(int(number))
        else:
            times = posted.get("times")
            workspace.faults.add(posted.get("kind", ""), posted.get("target") or "*", int(times) if times else None)
    except REFUSALS as error:
        return _refused(error)
    return _done()

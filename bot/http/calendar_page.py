"""``GET /calendar/<secret>.ics``: the schedule for calendar programs that subscribed to it."""

import asyncio
import hashlib
import re
from datetime import datetime
from functools import lru_cache

from aiohttp import web

from messages.calendar.feed import render
from models.calendar.feed import Feed, feed_at
from models.errors import NotFound
from models.unit_of_work import UnitOfWork

REMEMBERED = 4
"""Calendars to keep rendered: programs ask often, mostly for one that has not changed."""

_PATH = re.compile(r"/calendar/([\w-]{20,100})\.ics", re.ASCII)


class CalendarPage:
    """Answers anybody who knows the secret in the path."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """The calendar; 304 if the program has it already, 404 for an address that does not exist any more."""
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers={"Allow": "GET, HEAD"})
        path = _PATH.fullmatch(request.path)
        try:
            found = await self._calendar(path[1]) if path else None
        except NotFound:
            found = None
        if found is None:
            return web.Response(status=404, headers={"Cache-Control": "no-store"})
        body, tag, modified = found
        answer = web.Response(headers={"Cache-Control": "private, no-cache"})
        answer.etag = tag
        answer.last_modified = modified
        if _is_known(request, tag, modified):
            answer.set_status(304)
            return answer
        answer.body = body
        answer.content_type = "text/calendar"
        answer.charset = "utf-8"
        return answer

    async def _calendar(self, secret: str) -> tuple[bytes, str, datetime]:
        """Renders in a thread: a large calendar takes a while."""
        async with self._work.reporting() as snapshot:
            catalog = await snapshot.catalog()
            feed = await feed_at(snapshot.session, catalog, secret, snapshot.now)
        body, tag = await asyncio.to_thread(_rendered, feed)
        return body, tag, feed.modified


@lru_cache(maxsize=REMEMBERED)
def _rendered(feed: Feed) -> tuple[bytes, str]:
    body = render(feed)
    return body, hashlib.sha256(body).hexdigest()[:32]


def _is_known(request: web.BaseRequest, tag: str, modified: datetime) -> bool:
    """Whether the program has it already; a tag counts before a date (RFC 9110, 13.2.2)."""
    known = request.if_none_match
    if known is not None:
        return any(one.value in (tag, "*") for one in known)
    since = request.if_modified_since
    return since is not None and modified.replace(microsecond=0) <= since

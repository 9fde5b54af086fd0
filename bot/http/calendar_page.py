"""Calendars over HTTP: ``GET /calendar/<secret>.ics`` for programs that subscribed to the schedule."""

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
"""Calendars that are kept as they were written: programs ask often, and mostly for the same ones unchanged."""

_PATH = re.compile(r"/calendar/([\w-]{20,100})\.ics", re.ASCII)


class CalendarPage:
    """Answers calendar programs. Who knows the secret in the path may read; nothing else is asked."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """The calendar, or 304 when the program has it as it is; 404 for an address that is none or was ended."""
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
        """Writing a large calendar takes a while, so it is done beside the loop."""
        async with self._work.reporting() as snapshot:
            catalog = await snapshot.catalog()
            feed = await feed_at(snapshot.session, catalog, secret, snapshot.now)
        body, tag = await asyncio.to_thread(_written, feed)
        return body, tag, feed.modified


@lru_cache(maxsize=REMEMBERED)
def _written(feed: Feed) -> tuple[bytes, str]:
    body = render(feed)
    return body, hashlib.sha256(body).hexdigest()[:32]


def _is_known(request: web.BaseRequest, tag: str, modified: datetime) -> bool:
    """Whether the program has it already; a tag is asked before a date (RFC 9110, 13.2.2)."""
    known = request.if_none_match
    if known is not None:
        return any(one.value in (tag, "*") for one in known)
    since = request.if_modified_since
    return since is not None and modified.replace(microsecond=0) <= since

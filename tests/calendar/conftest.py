"""A calendar program that subscribes, over a real socket."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from icalendar import Calendar

from bot.http.calendar_page import CalendarPage
from bot.http.server import HttpServer
from models.calendar.addresses import make_address
from tests.releases.steps import by


@pytest.fixture
async def server(work, catalog, people) -> AsyncIterator[str]:
    async def ready() -> dict[str, bool]:
        return {}

    made = HttpServer(ready, pages={"calendar": CalendarPage(work)})
    port = await made.start("127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}"
    await made.stop()


class Subscriber:
    """Subscribed to one address."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def get(self, method: str = "GET", **headers: str) -> tuple[int, Any, bytes]:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.address, headers=headers) as answer,
        ):
            return answer.status, answer.headers, await answer.read()

    async def calendar(self) -> Calendar:
        status, _, body = await self.get()
        assert status == 200
        return Calendar.from_ical(body)

    async def events(self) -> dict[str, Any]:
        """The releases by identifier, and the freezes by heading and first day."""
        found = {}
        for event in (await self.calendar()).walk("VEVENT"):
            release = str(event["UID"]).startswith("release-")
            name = str(event["SUMMARY"]).split()[0] if release else f"{event['SUMMARY']} {event['DTSTART'].dt}"
            assert name not in found
            found[name] = event
        return found

    async def release(self) -> Any:
        (found,) = [event for event in (await self.events()).values() if str(event["UID"]).startswith("release-")]
        return found


@pytest.fixture
def subscribe(server, work):
    async def subscribe(words: str = "", person: str = "U0ANN", channel: str = "C0PAY") -> Subscriber:
        made = await make_address(work, by(person), channel, words, server, f"form {words} {person}")
        return Subscriber(made.address)

    return subscribe

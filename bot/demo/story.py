"""Telling a story through the use cases: each step happens at its own moment, as a person would have done it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.catalog.store import CatalogCache
from models.clock import Clock
from models.database import Database
from models.events import Actor
from models.releases.approvals import approve_release
from models.releases.deployment import back_out, mark_deployed, start_deployment
from models.releases.forms import RequestForm
from models.releases.request import request_release
from models.releases.tables import PlanTask
from models.releases.tasks import complete_task
from models.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Europe/Amsterdam")


class StoryClock:
    """Stands where the story is."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment


class Story:
    """The steps of the story. Days are counted from today; hours are Amsterdam's."""

    def __init__(self, database: Database, catalogs: CatalogCache, clock: Clock) -> None:
        self.today = clock.now()
        self.clock = StoryClock(self.today)
        self.work = UnitOfWork(database, self.clock)
        self.catalogs = catalogs
        self._told = 0

    def day(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment on the working day that many days from today: weekends give way to the day before or after."""
        date = self.today.astimezone(ZONE).date() + timedelta(days=days)
        while date.weekday() > 4:
            date += timedelta(days=1 if days > 0 else -1)
        return datetime(date.year, date.month, date.day, hour, minute, tzinfo=ZONE).astimezone(UTC)

    def at(self, moment: datetime) -> "Story":
        """Go on at ``moment``; never later than the present."""
        self.clock.moment = min(moment, self.today)
        return self

    def nonce(self) -> str:
        """A name for the next form."""
        self._told += 1
        return f"story-{self._told}"

    async def request(self, person: str, window: datetime, hours: int = 2, **fields: Any) -> int:
        """Request a release for ``window``; gives its id."""
        form = RequestForm(
            **{"service": "PAY", "type": "minor", "method": "rolling", **fields},
            window_start=window,
            window_end=window + timedelta(hours=hours),
        )
        return (await request_release(self.work, self.catalogs, by(person, "modal"), form, self.nonce())).id

    async def approve(self, release: int, *people: str) -> None:
        """Have ``people`` approve, a quarter of an hour apart."""
        for person in people:
            self.at(self.clock.moment + timedelta(minutes=15))
            await approve_release(self.work, self.catalogs, by(person), release, 1)

    async def settle(self, release: int, *, leave: int = 0) -> None:
        """Have the plan's tasks done but for the last ``leave``."""
        async with self.work.database.reading() as session:
            query = select(PlanTask).where(col(PlanTask.release_id) == release, col(PlanTask.done_at).is_(None))
            tasks = (await session.exec(query.order_by(col(PlanTask.due_at), col(PlanTask.position)))).all()
        for task in tasks[: len(tasks) - leave]:
            await complete_task(self.work, self.catalogs, by("U0RITA"), task.id or 0)

    async def deploy(self, release: int, at: datetime, person: str, minutes: int = 50) -> None:
        """Deploy at ``at``."""
        self.at(at)
        await start_deployment(self.work, self.catalogs, by(person), release)
        self.at(at + timedelta(minutes=minutes))
        await mark_deployed(self.work, self.catalogs, by(person), release)

    async def back_out(self, release: int, person: str, reason: str, restored: str) -> None:
        """Back out an hour later."""
        self.at(self.clock.moment + timedelta(hours=1))
        await back_out(self.work, self.catalogs, by(person, "modal"), release, reason, restored)


def by(person: str, surface: str = "button") -> Actor:
    """A person who acts in the story."""
    return Actor(person=person, surface=surface)

"""The steps of the demo's story: use cases that people carry out at moments in the past."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.catalog.deployment_windows import openings
from models.catalog.document import Service
from models.catalog.freezes import freezes_met
from models.events import Actor
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.plan import PlanTask
from models.packages.store import read_rows, ref_of
from models.packages.tree import TOP
from models.releases.activities.deploy import back_out, mark_deployed, start_deployment
from models.releases.approval.approve import approve_release
from models.releases.package.edit import add_node
from models.releases.package.edit_session import PackageEdit
from models.releases.package.forms import NodeForm
from models.releases.plan.settle_task import complete_task
from models.releases.request.form import RequestForm
from models.releases.request.request import request_release
from models.storage.database import Database
from models.subscriptions import posts_for
from models.time.clock import Clock
from models.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Europe/Amsterdam")


class StoryClock:
    """Shows the moment that the story has reached."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment


class Story:
    """Days are counted from today; hours are in Amsterdam."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.today = clock.now()
        self.clock = StoryClock(self.today)
        self.work = UnitOfWork(database, self.clock, posts_for)
        self._told = 0
        self._taken: set[date] = set()

    def day(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment ``days`` from today; a weekend moves away from today to the next working day."""
        date = self.today.astimezone(ZONE).date() + timedelta(days=days)
        while date.weekday() > 4:
            date += timedelta(days=1 if days > 0 else -1)
        return datetime(date.year, date.month, date.day, hour, minute, tzinfo=ZONE).astimezone(UTC)

    async def window(self, days: int, service: str = "PAY") -> datetime:
        """Ten o'clock about ``days`` from today, where policy allows a deployment and no other is planned."""
        async with self.work.reading() as snapshot:
            policy_of = (await snapshot.catalog()).by_key[service]
        start, step = self.day(days), timedelta(days=1 if days > 0 else -1)
        while not _open(policy_of, start) or start.astimezone(ZONE).date() in self._taken:
            local = start.astimezone(ZONE) + step
            start = local.astimezone(UTC)
        self._taken.add(start.astimezone(ZONE).date())
        return start

    def at(self, moment: datetime) -> "Story":
        """Continue at ``moment``, or at the present if that is earlier."""
        self.clock.moment = min(moment, self.today)
        return self

    def nonce(self) -> str:
        """The nonce of the next form."""
        self._told += 1
        return f"story-{self._told}"

    async def request(self, person: str, window: datetime, hours: int = 2, **fields: Any) -> int:
        """Request a release for a window from ``window`` on; returns its id."""
        form = RequestForm(
            **{"service": "PAY", "type": "minor", "method": "rolling", **fields},
            window_start=window,
            window_end=window + timedelta(hours=hours),
        )
        return (await request_release(self.work, by(person, "modal"), form, self.nonce())).id

    async def approve(self, release: int, *people: str) -> None:
        """Have ``people`` approve, a quarter of an hour apart."""
        for person in people:
            self.at(self.clock.moment + timedelta(minutes=15))
            await approve_release(self.work, by(person), release, await self._round(release))

    async def contain(self, release: int, *nodes: NodeForm) -> None:
        """Fill the release's package; ``parent`` names an earlier node, or none."""
        refs: dict[str, str] = {}
        for node in nodes:
            editing = PackageEdit(release, await self._round(release), self.nonce())
            placed = replace(node, parent=refs.get(node.parent, TOP))
            await add_node(self.work, by("U0BEN", "modal"), editing, placed)
            async with self.work.reading() as snapshot:
                refs |= {row.key: ref_of(row.id) for row in await read_rows(snapshot.session, release)}

    async def _round(self, release: int) -> int:
        async with self.work.reading() as snapshot:
            return (await load_release(snapshot.session, release)).round

    async def settle(self, release: int, *, leave: int = 0) -> None:
        """Complete the plan's tasks but for the last ``leave``."""
        async with self.work.reading() as snapshot:
            query = select(PlanTask).where(col(PlanTask.release_id) == release, col(PlanTask.done_at).is_(None))
            tasks = (
                await snapshot.session.exec(query.order_by(col(PlanTask.due_at), col(PlanTask.position)))
            ).all()
        for task in tasks[: len(tasks) - leave]:
            await complete_task(self.work, by("U0RITA"), task.id)

    async def deploy(self, release: int, at: datetime, person: str, minutes: int = 50) -> None:
        """Start the deployment at ``at`` and end it after ``minutes``."""
        self.at(at)
        await start_deployment(self.work, by(person), release)
        self.at(at + timedelta(minutes=minutes))
        await mark_deployed(self.work, by(person), release)

    async def back_out(self, release: int, person: str, reason: str, restored: str) -> None:
        """Back out an hour later."""
        self.at(self.clock.moment + timedelta(hours=1))
        await back_out(self.work, by(person, "modal"), release, reason, restored)


def _open(service: Service, start: datetime) -> bool:
    """Whether ``service`` may be deployed for two hours from ``start`` on: on weekdays if it has no windows."""
    end, day = start + timedelta(hours=2), start.astimezone(ZONE).date()
    windows = service.policy.windows
    opens = any(a <= start and end <= b for a, b in openings(windows, day, ZONE)) if windows else day.weekday() < 5
    return opens and not freezes_met(service.policy.freezes, start, end, ZONE)


def by(person: str, surface: str = "button") -> Actor:
    return Actor(person=person, surface=surface)

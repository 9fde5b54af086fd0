"""Keeps the directory fresh: the people and user groups that releases have to do with, as Slack knows them.

Read when the catalog or a click names somebody new, and anew at intervals; changes in between come as events.
Slack's rates are kept: after a ``Retry-After`` nothing is asked before it is over; what is left comes next round.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from models.catalog.store import CatalogCache
from models.people import reading
from models.people.reading import Profile
from models.unit_of_work import UnitOfWork
from scheduler.verdicts import Verdict, judge

log = structlog.get_logger()

PEOPLE_A_ROUND = 200
"""People asked for in one round; Slack answers ``users.info`` about a hundred times a minute."""

WRITTEN_AT_ONCE = 20

RATE_LIMITED = "ratelimited"
GONE = frozenset(("user_not_found", "user_not_visible", "users_not_found"))


class Directory:
    """Reads people and user groups from Slack into the database."""

    def __init__(self, work: UnitOfWork, catalogs: CatalogCache, client: AsyncWebClient) -> None:
        self._work = work
        self._catalogs = catalogs
        self._client = client
        self._one_at_a_time = asyncio.Lock()
        self._held_until: datetime | None = None

    async def refresh(self) -> None:
        """Read what is not known or no longer fresh; cheap when there is nothing to ask."""
        async with self._one_at_a_time:
            try:
                await self._refresh()
            except SlackApiError as error:
                self._wait_or_raise(error)

    async def ensure_known(self, people: Iterable[str]) -> None:
        """Read those of ``people`` whom Slack has never been asked about, so that their names can be shown."""
        async with self._work.database.reading() as session:
            unknown = await reading.unknown(session, people)
        if not unknown or self._is_held():
            return
        async with self._one_at_a_time:
            try:
                await self._read_people(unknown)
            except SlackApiError as error:
                self._wait_or_raise(error)

    async def _refresh(self) -> None:
        if self._is_held():
            return
        now = self._work.clock.now()
        async with self._work.database.reading() as session:
            people, groups = reading.subjects_of(await self._catalogs.current(session))
            stale = await reading.groups_to_read(session, groups, now)
        for group in stale:
            await self._read_group(group)
        async with self._work.database.reading() as session:
            due = await reading.people_to_read(session, people, now)
        await self._read_people(due[:PEOPLE_A_ROUND])

    async def _read_group(self, group: str) -> None:
        try:
            answer = await self._client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            judgement = judge(error, attempts=1)
            if judgement.error == RATE_LIMITED or judgement.verdict is Verdict.UNCERTAIN:
                raise
            log.warning("user_group_not_read", group=group, error=judgement.error)
            return
        await reading.remember_group(self._work, group, answer.get("users") or [])

    async def _read_people(self, people: list[str]) -> None:
        found: list[Profile] = []
        try:
            for person in people:
                found.append(await self._read_person(person))
                if len(found) == WRITTEN_AT_ONCE:
                    await reading.remember_people(self._work, found)
                    found = []
        finally:
            await reading.remember_people(self._work, found)

    async def _read_person(self, person: str) -> Profile:
        try:
            answer = await self._client.users_info(user=person)
        except SlackApiError as error:
            if judge(error, attempts=1).error not in GONE:
                raise
            async with self._work.database.reading() as session:
                return await reading.gone(session, person)
        return reading.profile_of(answer["user"])

    def _is_held(self) -> bool:
        return self._held_until is not None and self._work.clock.now() < self._held_until

    def _wait_or_raise(self, error: SlackApiError) -> None:
        """Wait as long as Slack says; anything but that is for the log, where the tick puts it."""
        judgement = judge(error, attempts=1)
        if judgement.error != RATE_LIMITED:
            raise error
        self._held_until = self._work.clock.now() + timedelta(seconds=judgement.seconds)

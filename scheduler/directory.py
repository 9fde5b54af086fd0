"""Keeps the directory fresh: the people and user groups that releases have to do with, as Slack knows them.

Read when the catalog or a click names somebody new, and anew at intervals; changes in between come as events.
Slack's rates are kept: after a ``Retry-After`` nothing is asked before it is over; what is left comes next round.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator
from datetime import datetime, timedelta

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from models.lifecycle.people_to_read import people_to_read
from models.people import directory_refresh as reading
from models.people.directory_refresh import Profile
from models.unit_of_work import UnitOfWork
from scheduler.call_outcomes import Verdict, judge

log = structlog.get_logger()

PEOPLE_A_ROUND = 200
"""People asked for in one round; Slack answers ``users.info`` about a hundred times a minute."""

AT_ONCE = 5
"""Calls that are made beside each other, so that a Slack that answers slowly names everybody soon."""

RATE_LIMITED = "ratelimited"

GONE = frozenset(("user_not_found", "user_not_visible", "users_not_found"))


class Directory:
    """Reads people and user groups from Slack into the database."""

    def __init__(self, work: UnitOfWork, client: AsyncWebClient) -> None:
        self._work = work
        self._client = client
        self._one_at_a_time = asyncio.Lock()
        self._held_until: datetime | None = None
        self._stopping = False

    def stop(self) -> None:
        """Ask no more; what is left is read after the next start."""
        self._stopping = True

    async def refresh(self) -> None:
        """Read what is not known or no longer fresh; cheap when there is nothing to ask."""
        async with self._one_at_a_time:
            try:
                await self._refresh()
            except SlackApiError as error:
                self._wait_or_raise(error)

    async def ensure_known(self, people: Iterable[str]) -> None:
        """Read those of ``people`` whom Slack has never been asked about, so that their names can be shown."""
        async with self._work.reading() as snapshot:
            unknown = await reading.unread_people(snapshot.session, people)
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
        async with self._work.reading() as snapshot:
            people, groups = reading.subjects_of(await snapshot.catalog())
            stale = await reading.groups_to_read(snapshot.session, groups, now)
        for some in _batches(stale):
            if not self._stopping:
                await _all(self._read_group(group) for group in some)
        async with self._work.reading() as snapshot:
            due = await people_to_read(snapshot.session, people, now)
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
        for some in _batches(people):
            if self._stopping:
                return
            found: list[Profile] = []
            try:
                await _all(self._read_person(person, found) for person in some)
            finally:
                await reading.remember_people(self._work, found)

    async def _read_person(self, person: str, found: list[Profile]) -> None:
        try:
            answer = await self._client.users_info(user=person)
        except SlackApiError as error:
            if judge(error, attempts=1).error not in GONE:
                raise
            async with self._work.reading() as snapshot:
                found.append(await reading.departed(snapshot.session, person))
        else:
            found.append(reading.profile_of(answer["user"]))

    def _is_held(self) -> bool:
        return self._held_until is not None and self._work.clock.now() < self._held_until

    def _wait_or_raise(self, error: SlackApiError) -> None:
        """Wait as long as Slack says; anything but that is for the log, where the tick puts it."""
        judgement = judge(error, attempts=1)
        if judgement.error != RATE_LIMITED:
            raise error
        self._held_until = self._work.clock.now() + timedelta(seconds=judgement.seconds)


def _batches(everything: list[str]) -> Iterator[list[str]]:
    return (everything[first : first + AT_ONCE] for first in range(0, len(everything), AT_ONCE))


async def _all(calls: Iterable[Awaitable[None]]) -> None:
    """Let every call end, also when one fails; then raise what the first of those raised."""
    for error in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(error, BaseException):
            raise error

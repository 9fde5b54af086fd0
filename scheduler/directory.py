"""Reads people and user groups from Slack: those whom the catalog or a click named, and again at intervals.

Slack reports changes in between as events. After a rate limit no call is made until Slack allows it; what is left
is read in a later round.
"""

import asyncio
from collections.abc import Awaitable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from models.lifecycle.people_to_read import people_to_read
from models.membership.rights import NOWHERE
from models.people import directory_refresh as reading
from models.people.directory_refresh import Profile
from models.unit_of_work import UnitOfWork
from scheduler.call_failures import CALL_ERRORS, RATE_LIMITED, Remedy, failure_of

log = structlog.get_logger()

PEOPLE_A_ROUND = 200
"""People to read in one round; Slack allows about 100 calls of ``users.info`` a minute."""

AT_ONCE = 5
"""Calls at the same time, so that a slow Slack is not asked one by one."""

GONE = frozenset(("user_not_found", "user_not_visible", "users_not_found"))

GROUP_GONE = frozenset(("no_such_subteam", "subteam_not_found"))
"""What Slack says of a user group that is disabled, deleted or never was."""


class Directory:
    """``workspace`` is ours, known once Slack has said it: people of others are strangers."""

    def __init__(self, work: UnitOfWork, client: AsyncWebClient) -> None:
        self._work = work
        self._client = client
        self._one_at_a_time = asyncio.Lock()
        self._held_until: datetime | None = None
        self._stopping = False
        self.workspace = NOWHERE

    def stop(self) -> None:
        """Make no further calls; the next start reads what is left."""
        self._stopping = True

    async def refresh(self) -> None:
        """Read what is unknown or no longer fresh; cheap if there is nothing to read."""
        async with self._one_at_a_time:
            try:
                await self._refresh()
            except SlackApiError as error:
                self._wait_or_raise(error)

    async def ensure_known(self, people: Iterable[str]) -> None:
        """Read those of ``people`` who were never read, so that their names can be shown."""
        async with self._work.reading() as snapshot:
            unknown = await reading.unread_people(snapshot.session, people)
        if not unknown or self._is_held():
            return
        async with self._one_at_a_time:
            try:
                await self._read_people(unknown)
            except SlackApiError as error:
                self._wait_or_raise(error)

    async def read_now(self, people: Collection[str], groups: Collection[str]) -> None:
        """Read them for somebody who waits, besides any round that is under way.

        What can't be read stays as it was, and is logged.
        """
        if self._is_held():
            return
        found: list[Profile] = []
        try:
            await _all(
                (*(self._read_group(one) for one in groups), *(self._read_person(one, found) for one in people))
            )
        except CALL_ERRORS as error:
            log.warning("membership_not_read", error=failure_of(error, attempts=1).code)
        finally:
            await reading.remember_people(self._work, found)

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
            failure = failure_of(error, attempts=1)
            if failure.code == RATE_LIMITED or failure.remedy is Remedy.LOOK_FIRST:
                raise
            log.warning("user_group_not_read", group=group, error=failure.code)
            if failure.code in GROUP_GONE:
                await reading.remember_group(self._work, group, (), gone=True)
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
            if failure_of(error, attempts=1).code not in GONE:
                raise
            async with self._work.reading() as snapshot:
                found.append(await reading.departed(snapshot.session, person))
        else:
            found.append(reading.profile_of(answer["user"], self.workspace))

    def _is_held(self) -> bool:
        return self._held_until is not None and self._work.clock.now() < self._held_until

    def _wait_or_raise(self, error: SlackApiError) -> None:
        """Wait as long as Slack says. Raises any other error, for the job to log."""
        failure = failure_of(error, attempts=1)
        if failure.code != RATE_LIMITED:
            raise error
        self._held_until = self._work.clock.now() + timedelta(seconds=failure.seconds)


def _batches(everything: list[str]) -> Iterator[list[str]]:
    return (everything[first : first + AT_ONCE] for first in range(0, len(everything), AT_ONCE))


async def _all(calls: Iterable[Awaitable[None]]) -> None:
    """Let every call end, then raise the first error."""
    for error in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(error, BaseException):
            raise error

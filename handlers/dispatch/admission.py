"""Who is let in: people of this workspace, as Slack described them within the last day.

What a person may do is asked by each use case. This refuses people who may do nothing at all, and has Slack asked
again about those of whom little or only old facts are known. A person's first click of a day may cost a call; what
Slack doesn't answer in time stays as it was last known, and the use cases that need fresh facts say so.
"""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from models.catalog.document import is_person
from models.errors import Refused
from models.membership.rights import is_event_of_ours, is_foreign
from models.people.directory_refresh import subjects_of
from models.people.freshness import TRUSTED, groups_last_read, last_read
from models.people.outsiders import NOT_FOR_OUTSIDERS, NOT_KNOWN_YET

log = structlog.get_logger()

PATIENCE = 1.5
"""Seconds that reading from Slack may take: a form has to open within three of the click."""

PAUSE = timedelta(seconds=10)
"""How long Slack is left alone after it didn't answer."""

GROUPS_LOOKED_AT = timedelta(hours=1)
"""How often to look whether the groups were read in time; a job reads them far more often."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class MembershipReader(Protocol):
    """Reads people and user groups from Slack now, and stores what it was told."""

    async def read_now(self, people: Collection[str], groups: Collection[str]) -> None:
        """What can't be read stays as it was, and is logged."""


class Admission:
    """Without a ``reader`` Slack is asked for nobody: what is stored holds."""

    def __init__(self, desk: Desk, reader: MembershipReader | None = None) -> None:
        self._desk = desk
        self._reader = reader
        self._trusted_until: dict[str, datetime] = {}
        self._groups_trusted_until = _NEVER
        self._not_before = _NEVER
        self._looks: dict[tuple[str, ...], asyncio.Task[None]] = {}
        """Those under way: a burst of clicks waits for one."""

    def takes_event(self, incoming: Incoming) -> bool:
        """Whether an event was delivered to our installation."""
        ours = is_event_of_ours(incoming.payload, self._desk.workspace)
        if not ours:
            log.warning("event_of_another_team", type=(incoming.payload.get("event") or {}).get("type"))
        return ours

    def needs_no_look(self, incoming: Incoming) -> bool:
        """Whether a use case that asks for rights itself may begin at once."""
        ours = not is_foreign(incoming.payload, self._desk.workspace)
        return ours and is_person(incoming.person) and not self._is_doubtful([incoming.person])

    async def check(self, incoming: Incoming) -> None:
        """Let a person in. Raises :class:`~models.errors.Refused` for those who may do nothing here."""
        person = incoming.person
        if not is_person(person):
            raise Refused(NOT_FOR_OUTSIDERS)
        if is_foreign(incoming.payload, self._desk.workspace):
            log.warning("payload_of_another_team", person=person)
            if person not in (await self._desk.catalog()).guests:
                raise Refused(NOT_FOR_OUTSIDERS)
        known = await self._is_known(incoming)
        if person in (await self._desk.catalog()).barred:
            raise Refused(NOT_FOR_OUTSIDERS)
        if not known:
            raise Refused(NOT_KNOWN_YET)

    async def recognize(self, incoming: Incoming) -> Incoming:
        """For an event, which nobody can be refused: whether Slack has said who the person is."""
        known = not is_person(incoming.person) or await self._is_known(incoming)
        return replace(incoming, known=known)

    async def _is_known(self, incoming: Incoming) -> bool:
        """Whether Slack has ever said who the person is, after asking again where that is due."""
        people = [incoming.person, *filter(is_person, incoming.chosen_people)]
        if self._reader is None or not self._is_doubtful(people):
            return True
        key = tuple(people)
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = asyncio.create_task(self._look(self._reader, people))
            look.add_done_callback(lambda _: self._looks.pop(key, None))
        await asyncio.shield(look)
        return incoming.person in self._trusted_until

    async def _look(self, reader: MembershipReader, people: Collection[str]) -> None:
        """Have Slack asked about those of ``people``, and about groups, of whom too little is known."""
        due, groups = await self._due(people)
        now = self._desk.clock.now()
        if not (due or groups) or now < self._not_before:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await reader.read_now(due, groups)
        except TimeoutError:
            log.warning("membership_not_read_in_time", people=due, groups=groups)
        if any(await self._due(people)):
            self._not_before = now + PAUSE

    def _is_doubtful(self, people: Iterable[str]) -> bool:
        if self._reader is None:
            return False
        now = self._desk.clock.now()
        until = [self._groups_trusted_until, *(self._trusted_until.get(person, _NEVER) for person in people)]
        return min(until) <= now

    async def _due(self, people: Collection[str]) -> tuple[list[str], list[str]]:
        """The people and the catalog's groups that were never read, or too long ago."""
        async with self._desk.work.reading() as snapshot:
            now = snapshot.now
            read = await last_read(snapshot.session, people)
            _, named = subjects_of(await snapshot.catalog())
            groups = await groups_last_read(snapshot.session, named) if named else {}
        self._trusted_until |= {person: at + TRUSTED for person, at in read.items()}
        trusted = [groups.get(group, _NEVER) + TRUSTED for group in named]
        self._groups_trusted_until = max(min([*trusted, now + GROUPS_LOOKED_AT]), now + PAUSE)
        return (
            [person for person in people if self._trusted_until.get(person, _NEVER) <= now],
            sorted(group for group in named if groups.get(group, _NEVER) + TRUSTED <= now),
        )

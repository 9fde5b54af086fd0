"""What a release offers to one person: the verbs that its state has and that they may take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.catalog.roles import APPROVERS
from models.lifecycle import lifecycle
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import LIFECYCLE, TIME, Transition, Verb
from models.lifecycle.tables.approvals import LaterApprovals
from models.lifecycle.tables.release import Release
from models.people.directory import roles_of
from models.releases.approval.decisions import decisions_of
from models.releases.approval.later_progress import NEVER_WENT_THROUGH, counts_towards
from models.releases.approval.stand_ins import DecisionRight, decision_rights_of
from models.releases.request.edit import may_edit


@dataclass(frozen=True, slots=True)
class Offer:
    """What one person may do with a release now. Whether a gate is open is not asked: it says what is missing.

    ``edit`` is about the request, ``owed`` about an approval that an emergency owes. Whoever may approve may waive.
    """

    verbs: frozenset[Verb] = frozenset()
    edit: bool = False
    owed: bool = False


async def offered(session: AsyncSession, catalog: Catalog, release_id: int, person: str, now: datetime) -> Offer:
    """What the release offers to ``person`` at ``now``. Raises :class:`~models.errors.NotFound`."""
    release = await load_release(session, release_id)
    service = catalog.by_key.get(release.service)
    roles = await roles_of(session, service, person) if service else frozenset()
    one = _Asking(session, service, release, person, roles, now)
    decides = await one.decides()
    rows = [row for row in LIFECYCLE if release.state in row.sources and TIME not in row.who]
    return Offer(
        verbs=frozenset(row.verb for row in rows if (decides if APPROVERS in row.who else one.may(row))),
        edit=may_edit(release, person, roles),
        owed=await one.owes(),
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """Somebody who looks at a release, and the roles that they hold in its service."""

    session: AsyncSession
    service: Service | None
    release: Release
    person: str
    roles: frozenset[str]
    now: datetime

    def may(self, row: Transition) -> bool:
        """Whether the row names them."""
        requester = self.release.requester
        asked = roles_that_answer(self.service, row.who)
        return lifecycle.may(row, person=self.person, requester=requester, roles=self.roles, asked=asked)

    async def decides(self) -> bool:
        """Whether the type asks for a role that they hold, or whose holder they stand in for."""
        kind = self.service.policy.types.get(self.release.type) if self.service else None
        if kind is None or self.person == self.release.requester:
            return False
        return not self.roles.isdisjoint(kind.approvals) or bool(await self._standings(kind.approvals))

    async def owes(self) -> bool:
        """Whether an approval by them brings on what an emergency owes."""
        owed = await self.session.get(LaterApprovals, (self.release.id, self.release.round))
        if owed is None or owed.completed_at or self.release.state in NEVER_WENT_THROUGH:
            return False
        own = DecisionRight(tuple(role for role in owed.required if role in self.roles))
        standings = [own, *await self._standings(owed.required)]
        decided = await decisions_of(self.session, self.release)
        return counts_towards(owed.required, decided, self.release.requester, self.person, standings) is not None

    async def _standings(self, required: Iterable[str]) -> list[DecisionRight]:
        if self.service is None:
            return []
        release = self.release
        return await decision_rights_of(
            self.session, self.service, required, self.person, release.requester, self.now
        )

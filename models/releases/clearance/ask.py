"""Asking for clearance: the refusal says what is in the way, what opens it and when the next allowed time is."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.catalog.document import Service
from models.catalog.roles import DEPLOYERS
from models.errors import Refused
from models.lifecycle.access import LoadedRelease, roles_that_answer
from models.lifecycle.lifecycle import GLASS_BREAKERS
from models.lifecycle.obstacle_codes import Code
from models.lifecycle.tables.clearance import OVERRIDE
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.clearance.judge import judge_clearance
from models.releases.clearance.obstacles import Asked, Clearance, Obstacle
from models.releases.clearance.read_facts import opened_by, overrides_in_force, read_clearance_facts
from models.releases.policy.observed_stops import GO, START, WouldStop, record_observed_stops
from models.releases.policy.surroundings import plan_in_turn
from models.time.days import say_moment
from models.unit_of_work import Snapshot, Transaction


@dataclass(frozen=True, slots=True)
class ObstacleLine:
    """``settlers`` are the names of those who can settle it, empty when nobody in particular can."""

    obstacle: Obstacle
    settlers: str


@dataclass(frozen=True, slots=True)
class ClearanceAnswer:
    """What a person is told.

    ``next_allowed`` is in words, empty if the window has no such time left. ``overriders`` and ``breakers`` are the
    names of those who can override what is soft or break the glass; ``may_override``: the person is one of the
    first, and nothing hard is in the way.
    """

    release_id: int
    round: int
    identifier: str
    asked: Asked
    lines: tuple[ObstacleLine, ...]
    passed: tuple[Obstacle, ...]
    next_allowed: str
    overriders: str
    breakers: str
    may_override: bool
    may_approve: bool
    """The person holds a role in which somebody approved who has left since."""

    @property
    def allowed(self) -> bool:
        return not self.lines

    @property
    def hard(self) -> bool:
        return any(line.obstacle.hard for line in self.lines)

    @property
    def needs_window(self) -> bool:
        return any(line.obstacle.code is Code.WINDOW_OVER for line in self.lines)

    @property
    def sentence(self) -> str:
        """The whole answer as plain text."""
        what = "There can be no go for" if self.asked is Asked.GO else "Nobody can start deploying"
        parts = [f"{what} {self.identifier} now."]
        parts += [f"{line.obstacle.text}{_asks(line)}" for line in self.lines]
        if self.next_allowed:
            parts.append(f"Next allowed time: {self.next_allowed}.")
        if not self.hard:
            parts.append(f"{self.overriders} can override {'this' if len(self.lines) == 1 else 'these'}.")
        return " ".join(parts)


def _asks(line: ObstacleLine) -> str:
    return f" {line.settlers} can settle that." if line.settlers else ""


class NotCleared(Refused):
    """Something is in the way; ``answer`` has it in parts."""

    def __init__(self, answer: ClearanceAnswer) -> None:
        super().__init__(answer.sentence)
        self.answer = answer


async def require_clearance(tx: Transaction, loaded: LoadedRelease, asked: Asked) -> tuple[Obstacle, ...]:
    """Nothing is in the way, or an override opens it: returns what is passed over.

    It waits for one's turn among related services, so that of two who start at once the second sees the first.
    Raises :class:`NotCleared`, and :class:`~models.errors.Refused` for a person who deploys what they overrode.
    """
    service = service_of(loaded)
    await plan_in_turn(tx, loaded.catalog, service.key)
    clearance = judge_clearance(await read_clearance_facts(tx, loaded, service, asked))
    if not clearance.allowed:
        raise NotCleared(await answer_for(tx, loaded, service, asked, clearance))
    stops = [WouldStop(one.code, one.key, one.text) for one in clearance.observed]
    await record_observed_stops(tx, loaded.release, START if asked is Asked.START else GO, stops)
    if asked is Asked.START:
        await _refuse_own_override(tx, loaded, service, clearance.passed)
    return clearance.passed


async def answer_for(
    snapshot: Snapshot, loaded: LoadedRelease, service: Service, asked: Asked, clearance: Clearance
) -> ClearanceAnswer:
    session, release = snapshot.session, loaded.release
    roles = roles_that_answer(service, service.policy.override_by)
    held = await roles_of(session, service, snapshot.actor.person)
    zone = loaded.catalog.zone(service)
    lines = [
        ObstacleLine(one, await holder_names(session, service, one.roles) if one.roles else "")
        for one in clearance.obstacles
    ]
    return ClearanceAnswer(
        release_id=loaded.id,
        round=release.round,
        identifier=release.identifier,
        asked=asked,
        lines=tuple(lines),
        passed=clearance.passed,
        next_allowed=say_moment(clearance.next_allowed, zone) if clearance.next_allowed else "",
        overriders=await holder_names(session, service, roles),
        breakers=await holder_names(
            session, service, roles_that_answer(service, GLASS_BREAKERS), without=(release.requester,)
        ),
        may_approve=any(
            one.code is Code.APPROVER_LEFT and not held.isdisjoint(one.roles) for one in clearance.obstacles
        ),
        may_override=bool(lines) and not clearance.prevented and not held.isdisjoint(roles),
    )


def service_of(loaded: LoadedRelease) -> Service:
    """Raises :class:`~models.errors.Refused` once the catalog has dropped it."""
    if loaded.service is None:
        raise Refused(f"{loaded.release.identifier} belongs to a service that is no longer in the catalog.")
    return loaded.service


async def _refuse_own_override(
    tx: Transaction, loaded: LoadedRelease, service: Service, passed: Sequence[Obstacle]
) -> None:
    """What an override by the actor alone opens, somebody else deploys."""
    in_force = await overrides_in_force(tx.session, loaded.release, tx.now)
    opened = opened_by(in_force)
    without_mine = opened_by(one for one in in_force if one.kind != OVERRIDE or one.by != tx.actor.person)
    needed = {one.name for one in passed} & opened
    if needed <= without_mine:
        return
    others = await holder_names(
        tx.session, service, roles_that_answer(service, DEPLOYERS), without=(tx.actor.person,)
    )
    raise Refused(
        f"You overrode what stood in the way of {loaded.release.identifier}, so somebody else has to deploy it: "
        f"{others}."
    )

"""Anybody tries any verb at any time: no sequence reaches a state without its gates, nobody acts beyond a role."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.errors import DomainError
from models.lifecycle.lifecycle import State, Verb, transition
from models.lifecycle.tables.activities import Activities, Criterion
from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.clearance import Override
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.releases.activities import build as building
from models.releases.activities import deploy as deployment
from models.releases.activities import go_no_go, handover
from models.releases.activities import test as testing
from models.releases.activities.break_glass import break_guard
from models.releases.activities.criteria.release_criteria import DELIVERED
from models.releases.activities.gate_facts import gate_facts_of_release
from models.releases.activities.gates import MET, WAIVED, GateFacts, missing_at
from models.releases.activities.next_step import next_verb
from models.releases.activities.settle_criterion import settle_criterion
from models.releases.activities.test import ResultForm
from models.releases.approval.approve import approve_release
from models.releases.approval.break_glass import break_glass
from models.releases.approval.decisions import APPROVED
from models.releases.approval.later_approvals import approve_afterwards
from models.releases.approval.reject import reject_release, request_changes
from models.releases.approval.standing_in.delegations import DelegationForm, delegate_approvals, stop_delegations
from models.releases.approval.waivers import waive
from models.releases.approval.withdraw import withdraw_approval
from models.releases.card import queries
from models.releases.card.records import ReleaseCard
from models.releases.clearance.overrides import check_may_override, override
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from models.releases.request.supersede import supersede_release
from models.releases.windows.extend import extend
from models.releases.windows.reschedule import reschedule
from models.storage.database import Database
from models.subscriptions import posts_for
from models.tables import METADATA
from models.unit_of_work import UnitOfWork
from scheduler.approvals import chase_approvals
from scheduler.windows import tell_of_windows
from tests.conftest import MORNING, FrozenClock, example_document, put_catalog
from tests.lifecycle import oracle
from tests.lifecycle.oracle import DECIDERS, MAY
from tests.releases.steps import BUILD, by, form, requested

PEOPLE = (
    "U0ANN",
    "U0RITA",
    "U0OLGA",
    "U0TOM",
    "U0BEN",
    "U0DANA",
    "U0LENA",
    "U0OMAR",
    "U0KIM",
    "U0SAM",
)
"""Everybody of PAY, its requester Ann, and Sam, who holds nothing and may only stand in."""

UNLIKELY = (
    Verb.CANCEL,
    Verb.SUPERSEDE,
    Verb.BACK_OUT,
    Verb.NO_GO,
    Verb.SEND_BACK,
    Verb.BREAK_GLASS,
    Verb.REJECT,
    Verb.REQUEST_CHANGES,
    Verb.VOID,
    Verb.RESUBMIT,
    Verb.EXPIRE,
)
"""Verbs that stop a release, send it back, change it or go past its approvals."""

STOPPING = (Verb.CANCEL, Verb.SUPERSEDE, Verb.REJECT, Verb.BACK_OUT)

CALM = 10

LIKELY = tuple(verb for verb in MAY if verb not in UNLIKELY)

DECISIONS = ("approve", "approve", "withdraw", "approve afterwards", "waive")

DELEGATORS = ("U0RITA", "U0OLGA", "U0TOM", "U0ANN", "U0SAM")

DELEGATES = ("U0SAM", "U0OLGA", "U0RITA", "U0ANN", "U0KIM")

START = MORNING + timedelta(days=49)
"""Tuesday 12 January 2027: far enough ahead for weeks to pass, and in no freeze."""

WINDOW: dict[str, Any] = {"window_start": START, "window_end": START + timedelta(hours=2)}


@dataclass(frozen=True, slots=True)
class Seen:
    """The release at one moment. ``entries`` counts what the audit trail holds."""

    state: State
    round: int
    facts: GateFacts
    entries: int
    decisions: tuple[Decision, ...]
    findings: dict[str, str | None]
    later_approvals: LaterApprovals | None
    window: tuple[datetime, datetime]
    overrides: tuple[Override, ...]

    @property
    def same(self) -> tuple[object, ...]:
        """What a refusal doesn't change."""
        return self.state, self.round, self.entries, self.plain, self.findings, self.window, len(self.overrides)

    @property
    def plain(self) -> tuple[object, ...]:
        """The decisions, to compare with others."""
        return tuple(one.model_dump() for one in self.decisions)


class Machine(RuleBasedStateMachine):
    """One release and the people who act on it, in a database of its own; another release is in its way."""

    calm = CALM
    """Attempts between two that disturb it, so that later states are reached; stopping it waits longer."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(mkdtemp(prefix="rd-machine-"))
        self.clock = FrozenClock()
        self.delegates: set[tuple[str, str]] = set()
        self.glass_broken = self.frozen = self.soft = False
        self.tries = self.calm_until = self.unchanged_until = 0

    def run(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(work)

    @initialize(
        kind=st.sampled_from(["minor", "minor", "emergency"]), collides=st.sampled_from([True, True, False])
    )
    def request(self, kind: str, collides: bool) -> None:
        """Ann requests a release; some are emergencies, some collide with another."""
        self.kind = kind
        self.run(self._open(collides=collides))

    async def _open(self, *, collides: bool) -> None:
        path = self.folder / "machine.db"
        engine = create_engine(f"sqlite:///{path}")
        METADATA.create_all(engine)
        engine.dispose()
        self.database = Database(f"sqlite:///{path}")
        self.work = UnitOfWork(self.database, self.clock, posts_for)
        await put_catalog(self.work, example_document())
        if collides:
            await requested(self.work, nonce="other", **WINDOW)
        self.release = await requested(self.work, type=self.kind, **WINDOW)
        far = {"window_start": START + timedelta(days=63), "window_end": START + timedelta(days=63, hours=2)}
        self.newer = await requested(self.work, "U0BEN", nonce="newer", **far)

    @rule(person=st.sampled_from(PEOPLE), verb=st.sampled_from(LIKELY))
    def try_verb(self, person: str, verb: Verb) -> None:
        """Anybody tries a verb that takes a release on."""
        self.run(self._try(person, verb))

    @rule(person=st.sampled_from(PEOPLE), what=st.sampled_from(DECISIONS))
    def try_to_decide(self, person: str, what: str) -> None:
        """Anybody tries to approve, to withdraw that, to give a later approval, or to waive findings."""
        attempts = {
            "approve": self._approve,
            "withdraw": self._withdraw,
            "approve afterwards": self._approve_afterwards,
            "waive": self._waive,
        }
        self.run(attempts[what](person))

    @rule(person=st.sampled_from(PEOPLE), verb=st.sampled_from(UNLIKELY), entitled=st.booleans())
    def try_to_disturb(self, person: str, verb: Verb, entitled: bool) -> None:
        """Now and then anybody, or somebody who may, tries what stops it, sends it back or changes it."""
        if self.tries < (self.calm_until if verb not in STOPPING else self.calm * 4):
            return
        self.calm_until = self.tries + self.calm
        if entitled:
            likely = sorted(MAY.get(verb, {"U0ANN", "U0RITA"}))
            person = likely[self.tries % len(likely)]
        self.run(self._disturb(person, verb))

    @rule(delegator=st.sampled_from(DELEGATORS), delegate=st.sampled_from(DELEGATES), stop=st.booleans())
    def try_to_delegate(self, delegator: str, delegate: str, stop: bool) -> None:
        """Somebody tries to have somebody stand in for them from today on, or to end that."""
        self.run(self._stop(delegator) if stop else self._delegate(delegator, delegate))

    @rule(person=st.sampled_from(PEOPLE), outcome=st.sampled_from([MET, WAIVED]))
    def try_to_settle(self, person: str, outcome: str) -> None:
        """Anybody tries to settle the first open criterion."""
        self.run(self._settle(person, outcome, 1))

    @rule(person=st.sampled_from(("U0ANN", "U0ANN", "U0RITA", "U0BEN")), material=st.booleans())
    def try_to_edit(self, person: str, material: bool) -> None:
        """People who know it best try to edit it, if nobody did for a while."""
        if self.tries >= self.unchanged_until:
            self.unchanged_until = self.tries + self.calm
            self.run(self._edit(person, material=material))

    @rule(steps=st.integers(2, 8), glass=st.booleans())
    def go_on(self, steps: int, glass: bool) -> None:
        """People who may do what comes next, for some steps; in trouble somebody breaks the glass."""
        self.run(self._go_on(steps, settle=False, glass=glass and self.calm < CALM))

    @rule(steps=st.integers(2, 8))
    def settle_and_go_on(self, steps: int) -> None:
        """The same, with what is open settled before each step."""
        self.run(self._go_on(steps, settle=True, glass=False))

    @rule(person=st.sampled_from(PEOPLE), how=st.sampled_from(["override", "override", "glass"]))
    def try_to_pass_over(self, person: str, how: str) -> None:
        """Anybody tries to override what is in the way, or to break the glass to deploy."""
        self.run(self._override(person) if how == "override" else self._break_guard(person))

    @rule(hours=st.sampled_from([-3, 0, 0, 1, 5, 30]))
    def come_near_the_window(self, hours: int) -> None:
        """Time passes, to some hours after the window begins: not while approvals would expire meanwhile."""
        self.run(self._come(hours))

    @rule(kind=st.sampled_from(["hard", "soft"]))
    def freeze(self, kind: str) -> None:
        """The day of the window is frozen, once, and from then on."""
        if not self.frozen:
            self.run(self._freeze(kind))

    @rule(person=st.sampled_from(PEOPLE), hours=st.sampled_from([1, 2, 3]))
    def try_to_extend(self, person: str, hours: int) -> None:
        """Anybody tries to let the deployment go on."""
        self.run(self._extend(person, hours))

    @rule(person=st.sampled_from(PEOPLE))
    def try_to_reschedule(self, person: str) -> None:
        """Anybody tries to move a window that is over."""
        self.run(self._reschedule(person))

    @invariant()
    def decisions_bear_out_the_state(self) -> None:
        """Always: the quorum, nobody twice, never the requester; and broken glass stays on the card."""
        if not hasattr(self, "release"):
            return
        seen = self.run(self._look())
        oracle.check_decisions(self.kind, seen.state, seen.decisions)
        if seen.later_approvals is not None and seen.later_approvals.completed_at is not None:
            assert oracle.owed_given(self.kind, seen.decisions)
        if self.glass_broken:
            assert self.run(self._card()).bypass, "the card does not say that glass was broken"

    async def _disturb(self, person: str, verb: Verb) -> None:
        match verb:
            case Verb.REJECT | Verb.REQUEST_CHANGES:
                await self._object(person, reject=verb is Verb.REJECT)
            case Verb.VOID | Verb.RESUBMIT:
                await self._edit(person, material=verb is Verb.VOID)
            case Verb.EXPIRE:
                await self._wait(5)
            case _:
                await self._try(person, verb)

    async def _go_on(self, steps: int, *, settle: bool, glass: bool) -> None:
        for _ in range(steps):
            if settle:
                await self._settle("U0TOM", MET, 6)
            seen = await self._look()
            if seen.state is State.REQUESTED and glass:
                await self._try("U0DANA", Verb.BREAK_GLASS)
            elif seen.state is State.REQUESTED:
                if settle:
                    await self._waive("U0RITA")
                for person in ("U0RITA", "U0OLGA"):
                    await self._approve(person)
            elif seen.state in oracle.SENT_BACK:
                await self._edit("U0ANN", material=True)
            else:
                verb = next_verb(seen.state, seen.facts) or Verb.RETIRE
                if verb is Verb.START_DEPLOYMENT and settle:
                    await self._come(0)
                for person in sorted(MAY[verb]):
                    await self._try(person, verb)

    async def _card(self) -> ReleaseCard:
        async with self.work.reading() as snapshot:
            return await queries.release_card(snapshot.session, await snapshot.catalog(), self.release)

    async def _settle(self, person: str, outcome: str, count: int) -> None:
        async with self.database.reading() as session:
            query = select(Criterion.id, Criterion.gate, Criterion.text).where(
                col(Criterion.outcome) == "", col(Criterion.release_id) == self.release
            )
            found = (await session.exec(query.order_by(col(Criterion.id)).limit(count))).all()
        for criterion, gate, text in found:
            before = await self._look()
            try:
                await settle_criterion(self.work, by(person), criterion, outcome, "because")
            except DomainError:
                continue
            assert person in oracle.settling(gate), f"{person} settled a criterion of {gate}"
            early = before.state in oracle.TOO_EARLY.get(gate, ()) and not text.startswith(DELIVERED)
            assert outcome == WAIVED or not early, f"{gate} met early"
            assert (await self._look()).state == before.state

    async def _look(self) -> Seen:
        async with self.database.reading() as session:
            release = await session.get(Release, self.release)
            assert release is not None
            known = await gate_facts_of_release(session, release, await session.get(Activities, self.release))
            entries = len((await session.exec(select(AuditEntry.id))).all())
            decided = select(Decision).where(Decision.release_id == self.release, Decision.round == release.round)
            rows = (await session.exec(decided.order_by(col(Decision.id)))).all()
            found = select(ReleaseFinding).where(ReleaseFinding.release_id == self.release)
            findings = {one.rule: one.waived_by for one in (await session.exec(found)).all()}
            later = await session.get(LaterApprovals, (self.release, release.round))
            passing = select(Override).where(Override.release_id == self.release, Override.round == release.round)
            overrides = (await session.exec(passing.order_by(col(Override.id)))).all()
        return Seen(
            State(release.state),
            release.round,
            known,
            entries,
            tuple(rows),
            findings,
            later,
            (release.window_start, release.extended_to or release.window_end),
            tuple(overrides),
        )

    async def _refused(self, before: Seen, attempt: Awaitable[Any]) -> bool:
        """Whether ``attempt`` is refused; then nothing has changed."""
        self.tries += 1
        try:
            await attempt
        except DomainError:
            assert (await self._look()).same == before.same, "a refusal changed something"
            return True
        return False

    async def _try(self, person: str, verb: Verb) -> None:
        before = await self._look()
        if await self._refused(before, self._take(person, verb)):
            return
        self.glass_broken |= verb is Verb.BREAK_GLASS and before.state is State.REQUESTED
        row = transition(verb, before.state)
        assert row is not None, f"{verb} was taken from {before.state}"
        assert person in MAY[verb], f"{person} took {verb}"
        if verb is Verb.START_DEPLOYMENT:
            after = await self._look()
            waived = self.soft and bool(before.findings.get("freezes"))
            frozen = self._is_frozen() and not waived
            against = oracle.in_the_way(*before.window, self.clock.now(), frozen=frozen)
            if missing_at(row.gate, before.facts):
                against.add("gate")
            end, now = before.window[1], self.clock.now()
            oracle.check_start(against, self.kind, end, now, person, after.overrides)
        else:
            assert missing_at(row.gate, before.facts) == (), f"{verb} went through a closed gate"
        if verb is Verb.GO:
            assert self.clock.now() < before.window[1] or before.overrides, "a go for a window that is over"
        if before.state is State.APPROVED and verb is Verb.START_DEPLOYMENT and not before.facts.glass:
            assert self.kind == "emergency", "what is no emergency went first"
            assert before.later_approvals is not None, "it went first and owes nothing"
        assert (await self._look()).state == (row.target or before.state)

    async def _approve(self, person: str) -> None:
        before = await self._look()
        attempt = approve_release(self.work, by(person), self.release, before.round)
        if await self._refused(before, attempt):
            return
        after = await self._look()
        if before.state is State.APPROVED:
            assert (person, APPROVED) in {(one.person, one.verdict) for one in before.decisions}
            assert after.same == before.same, "a repeated approval changed something"
            return
        assert before.state is State.REQUESTED
        assert person in oracle.deciding(self.kind, self.delegates), f"{person} approved"
        assert after.state in (State.REQUESTED, State.APPROVED)
        if after.state is State.APPROVED:
            assert oracle.unwaived(after.findings) == [], "approved past what policy says"
            assert (after.later_approvals is not None) == (self.kind == "emergency")

    async def _override(self, person: str) -> None:
        before = await self._look()
        try:
            about = await check_may_override(self.work, by(person), self.release)
        except DomainError:
            assert (await self._look()).same == before.same
            return
        shown = [one.name for one in about.obstacles]
        if await self._refused(before, override(self.work, by(person), self.release, before.round, shown, "now")):
            return
        assert person in {"U0RITA", "U0OLGA"}, f"{person} overrode"
        after = await self._look()
        assert (after.state, after.round) == (before.state, before.round)
        assert {one["code"] for one in after.overrides[-1].obstacles} <= {
            "window_not_begun", "closed", "freeze", "collision", "other_deployment", "approver_left",
        }  # fmt: skip

    async def _break_guard(self, person: str) -> None:
        before = await self._look()
        if before.state in {State.APPROVED, State.READY} and self.tries >= self.calm_until:
            self.calm_until = self.tries + self.calm
            attempt = break_guard(self.work, by(person), self.release, before.round, "cannot wait")
            if await self._refused(before, attempt):
                return
            assert person in MAY[Verb.BREAK_GLASS], f"{person} broke the glass"
            after = await self._look()
            assert (after.state, after.round, after.plain) == (before.state, before.round, before.plain)
            assert any(one.kind == "glass" for one in (await self._card()).overrides), "the card hides it"

    async def _come(self, hours: int) -> None:
        before = await self._look()
        moment = before.window[0] + timedelta(hours=hours)
        if before.state in {State.READY, State.DEPLOYING} or self.kind == "emergency":
            if moment > self.clock.now():
                self.clock.set(moment)
            await tell_of_windows(self.work)
            await tell_of_windows(self.work)
            assert (await self._look()).state == before.state, "time alone moved it"

    async def _freeze(self, kind: str) -> None:
        self.frozen, self.frozen_day = True, (await self._look()).window[0].date()
        self.soft = kind == "soft"
        document = example_document()
        freeze = {"name": "Sale", "from": self.frozen_day, "to": self.frozen_day, "kind": kind}
        document["services"][0]["policy"]["freezes"].append(freeze)
        await put_catalog(self.work, document)

    def _is_frozen(self) -> bool:
        """The soft freeze of the month's end too: nobody waives it here before the approval."""
        day = self.clock.now().astimezone(oracle.AMSTERDAM).date()
        hard_or_soft = self.frozen and day == self.frozen_day
        return hard_or_soft or date(2026, 12, 18) <= day <= date(2027, 1, 4)

    async def _extend(self, person: str, hours: int) -> None:
        before = await self._look()
        until = self.clock.now() + timedelta(hours=hours)
        if await self._refused(before, extend(self.work, by(person), self.release, until, "nearly there")):
            return
        assert before.state is State.DEPLOYING
        assert person in {"U0RITA", "U0OLGA"}, f"{person} extended"
        after = await self._look()
        assert (after.state, after.round, after.window[1]) == (before.state, before.round, until)

    async def _reschedule(self, person: str) -> None:
        before = await self._look()
        if self.clock.now() < before.window[1]:
            return
        start = before.window[0] + timedelta(days=14)
        attempt = reschedule(self.work, by(person), self.release, before.round, start, start + timedelta(hours=2))
        if await self._refused(before, attempt):
            return
        assert person in {"U0ANN", "U0RITA", "U0OLGA"}, f"{person} moved the window"
        after = await self._look()
        assert (after.state, after.round, after.plain) == (State.REQUESTED, before.round + 1, ())

    async def _withdraw(self, person: str) -> None:
        before = await self._look()
        attempt = withdraw_approval(self.work, by(person), self.release, before.round, f"w{self.tries}")
        if await self._refused(before, attempt):
            return
        after = await self._look()
        assert before.state is State.REQUESTED, "an approval was withdrawn after the quorum"
        assert (person, APPROVED) in {(one.person, one.verdict) for one in before.decisions}
        assert [one for one in before.plain if one not in after.plain] != []
        assert person not in {one.person for one in after.decisions}
        assert (after.state, len(after.decisions)) == (before.state, len(before.decisions) - 1)

    async def _object(self, person: str, *, reject: bool) -> None:
        before = await self._look()
        use_case = reject_release if reject else request_changes
        attempt = use_case(self.work, by(person), self.release, before.round, "no")
        if await self._refused(before, attempt):
            return
        assert before.state is State.REQUESTED
        assert person in oracle.deciding(self.kind, self.delegates), f"{person} objected"
        assert (await self._look()).state is (State.REJECTED if reject else State.CHANGES_REQUESTED)

    async def _approve_afterwards(self, person: str) -> None:
        before = await self._look()
        attempt = approve_afterwards(self.work, by(person), self.release, before.round)
        if await self._refused(before, attempt):
            return
        assert self.kind == "emergency"
        assert before.state not in {State.REQUESTED, State.CANCELLED, *oracle.SENT_BACK}
        own = {"U0OLGA", "U0TOM"}
        others = {delegate for delegator, delegate in self.delegates if delegator in own}
        assert person in own | others - {oracle.REQUESTER}, f"{person} approved afterwards"
        assert (await self._look()).state == before.state

    async def _waive(self, person: str) -> None:
        before = await self._look()
        attempt = waive(self.work, by(person), self.release, before.round, "because")
        if await self._refused(before, attempt):
            return
        assert person in oracle.deciding(self.kind, self.delegates), f"{person} waived"
        assert before.state is State.REQUESTED
        assert oracle.unwaived((await self._look()).findings) == []

    async def _edit(self, person: str, *, material: bool) -> None:
        before = await self._look()
        async with self.database.reading() as session:
            release = await session.get_one(Release, self.release)
        window = {"window_start": release.window_start, "window_end": release.window_end}
        title = release.title[0].swapcase() + release.title[1:]
        fields: dict[str, Any] = {"type": self.kind, "title": title, **window}
        plan = f"Another way {self.tries}" if material else release.back_out_plan
        changed = form(**fields, back_out_plan=plan)
        attempt = edit_release(self.work, by(person), self.release, before.round, changed)
        if await self._refused(before, attempt):
            return
        after = await self._look()
        assert person in oracle.editing(before.state), f"{person} edited what is {before.state}"
        assert not material or person in oracle.rewriting(before.state), f"{person} left too few who approve it"
        if material or before.state in oracle.SENT_BACK:
            assert (after.state, after.round, after.plain) == (State.REQUESTED, before.round + 1, ())
        else:
            assert (after.state, after.round, after.plain) == (before.state, before.round, before.plain)

    async def _delegate(self, delegator: str, delegate: str) -> None:
        before = await self._look()
        wanted = DelegationForm(delegate, first_day=self.clock.now().date())
        attempt = delegate_approvals(self.work, by(delegator), wanted, f"d{self.tries}")
        if await self._refused(before, attempt):
            return
        assert delegator != delegate
        assert delegator in DECIDERS or delegator == "U0SAM", f"{delegator} has nothing to be stood in for"
        self.delegates.add((delegator, delegate))

    async def _stop(self, delegator: str) -> None:
        await stop_delegations(self.work, by(delegator))
        self.delegates = {pair for pair in self.delegates if pair[0] != delegator}

    async def _wait(self, days: int) -> None:
        before = await self._look()
        self.clock.move(timedelta(days=days))
        await chase_approvals(self.work)
        after = await self._look()
        expired = before.state is State.REQUESTED and after.state is State.EXPIRED
        assert expired or after.state == before.state

    async def _take(self, person: str, verb: Verb) -> None:
        work, actor, release = self.work, by(person), self.release
        nonce = f"n{self.tries}"
        simple: dict[Verb, Callable[..., Awaitable[Any]]] = {
            Verb.START_BUILD: building.start_build,
            Verb.START_TEST: building.start_test,
            Verb.GO: go_no_go.say_go,
            Verb.START_DEPLOYMENT: deployment.start_deployment,
            Verb.MARK_DEPLOYED: deployment.mark_deployed,
            Verb.VERIFY: handover.verify_deployment,
            Verb.START_EARLY_LIFE_SUPPORT: handover.start_early_life_support,
            Verb.HAND_OVER: handover.offer_handover,
            Verb.ACCEPT_HANDOVER: handover.accept_handover,
            Verb.RETIRE: handover.retire_release,
            Verb.CANCEL: cancel_release,
        }
        with_more: dict[Verb, tuple[Callable[..., Awaitable[Any]], tuple[Any, ...]]] = {
            Verb.RECORD_BUILD: (building.record_build, (BUILD, nonce)),
            Verb.RECORD_TEST_RESULT: (testing.record_result, (self._result(), nonce)),
            Verb.ACCEPT_TESTS: (testing.accept_tests, ("works", "holds")),
            Verb.NO_GO: (go_no_go.say_no_go, ("not today",)),
            Verb.SUPERSEDE: (supersede_release, (self.newer,)),
            Verb.BACK_OUT: (deployment.back_out, ("broken", "the one before")),
            Verb.SEND_BACK: (handover.send_handover_back, ("not yet",)),
            Verb.REVIEW: (handover.review_release, ("yes", "it works")),
        }
        if verb in simple:
            await simple[verb](work, actor, release)
        elif verb in with_more:
            use_case, more = with_more[verb]
            await use_case(work, actor, release, *more)
        else:
            round_ = (await self._look()).round
            breaks = break_guard if (await self._look()).state in {State.APPROVED, State.READY} else break_glass
            await breaks(work, actor, release, round_, "cannot wait")

    def _result(self) -> ResultForm:
        if self.tries % 3 == 0:
            return ResultForm(component="pay-api", result="failed", note="slow")
        return ResultForm(component="pay-api", result="passed")

    def teardown(self) -> None:
        self.run(self.database.close())
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Troubled(Machine):
    """The same where people change their minds much more often."""

    calm = 1


SETTINGS = settings(
    max_examples=15,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)

TestLifecycle = Machine.TestCase


TestLifecycle.settings = SETTINGS

TestTroubledLifecycle = Troubled.TestCase


TestTroubledLifecycle.settings = SETTINGS

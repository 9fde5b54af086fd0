"""Anybody tries any verb at any time: no sequence reaches a state without its gates, nobody acts beyond a role."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import create_engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.catalog.store import CatalogCache
from models.database import Database
from models.errors import DomainError
from models.releases import building, deployment, go_no_go, handover, testing
from models.releases.activities import facts
from models.releases.activity_tables import Activities, Criterion
from models.releases.approvals import approve_release
from models.releases.criteria import MET, WAIVED, settle_criterion
from models.releases.edit import edit_release
from models.releases.gates import Facts, missing
from models.releases.lifecycle import State, Verb, transition
from models.releases.next_step import next_verb
from models.releases.objections import reject_release
from models.releases.tables import Release
from models.releases.testing import ResultForm
from models.tables import METADATA
from models.unit_of_work import UnitOfWork
from tests.conftest import FrozenClock, example_document, put_catalog
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
)

MAY: dict[Verb, set[str]] = {
    Verb.START_BUILD: {"U0BEN"},
    Verb.RECORD_BUILD: {"U0BEN"},
    Verb.START_TEST: {"U0BEN", "U0TOM"},
    Verb.RECORD_TEST_RESULT: {"U0RITA", "U0TOM"},
    Verb.ACCEPT_TESTS: {"U0TOM"},
    Verb.GO: {"U0RITA", "U0OLGA"},
    Verb.NO_GO: {"U0RITA", "U0OLGA"},
    Verb.START_DEPLOYMENT: {"U0DANA", "U0RITA"},
    Verb.MARK_DEPLOYED: {"U0DANA", "U0RITA"},
    Verb.VERIFY: {"U0DANA", "U0RITA", "U0TOM"},
    Verb.BACK_OUT: {"U0DANA", "U0RITA"},
    Verb.START_EARLY_LIFE_SUPPORT: {"U0LENA", "U0RITA"},
    Verb.HAND_OVER: {"U0LENA", "U0RITA"},
    Verb.ACCEPT_HANDOVER: {"U0OMAR"},
    Verb.SEND_BACK: {"U0OMAR"},
    Verb.REVIEW: {"U0RITA", "U0OLGA"},
    Verb.RETIRE: {"U0RITA", "U0OLGA"},
    Verb.CANCEL: {"U0ANN", "U0RITA", "U0OLGA"},
    Verb.APPROVE: {"U0RITA", "U0OLGA"},
    Verb.REJECT: {"U0RITA", "U0OLGA"},
    Verb.VOID: {"U0ANN", "U0RITA"},
}
"""Who may take each verb of a release of PAY that Ann requested, written down apart from the lifecycle."""

UNLIKELY = (Verb.CANCEL, Verb.REJECT, Verb.VOID, Verb.BACK_OUT, Verb.NO_GO, Verb.SEND_BACK)
"""Verbs that stop a release or send it back; tried less often, so that the later states are reached."""

LIKELY = tuple(verb for verb in MAY if verb not in UNLIKELY)


class Machine(RuleBasedStateMachine):
    """One release and the people who act on it, in a database of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(mkdtemp(prefix="rd-machine-"))
        self.tries = 0

    def run(self, work: Awaitable[Any]) -> Any:
        """What ``work`` gives, in the machine's own loop."""
        return self.loop.run_until_complete(work)

    @initialize(kind=st.sampled_from(["minor", "minor", "minor", "emergency"]))
    def request(self, kind: str) -> None:
        """Ann requests a release; a few are emergencies."""
        self.kind = kind
        self.run(self._open())

    async def _open(self) -> None:
        path = self.folder / "machine.db"
        engine = create_engine(f"sqlite:///{path}")
        METADATA.create_all(engine)
        engine.dispose()
        self.database = Database(f"sqlite:///{path}")
        self.work, self.catalogs = UnitOfWork(self.database, FrozenClock()), CatalogCache()
        await put_catalog(self.work, example_document())
        self.release = await requested(self.work, self.catalogs, type=self.kind)

    @rule(person=st.sampled_from(PEOPLE), verb=st.sampled_from(LIKELY))
    def try_verb(self, person: str, verb: Verb) -> None:
        """Anybody tries a verb that takes a release on."""
        self.run(self._try(person, verb))

    @rule(person=st.sampled_from(PEOPLE), verb=st.sampled_from(UNLIKELY), really=st.integers(0, 9))
    def try_to_stop(self, person: str, verb: Verb, really: int) -> None:
        """Now and then somebody tries a verb that stops it or sends it back."""
        if really == 0:
            self.run(self._try(person, verb))

    @rule(steps=st.integers(1, 6), settle=st.booleans())
    def go_on(self, steps: int, settle: bool) -> None:
        """Those who may do what comes next, some steps long, with or without settling what is open."""
        for _ in range(steps):
            if settle:
                self.run(self._settle("U0TOM", MET, 6))
            state, known, _entries = self.run(self._look())
            verb = Verb.APPROVE if state is State.REQUESTED else next_verb(state, known) or Verb.RETIRE
            for person in sorted(MAY[verb]):
                self.run(self._try(person, verb))

    @rule(person=st.sampled_from(PEOPLE), outcome=st.sampled_from([MET, WAIVED]))
    def try_to_settle(self, person: str, outcome: str) -> None:
        """Anybody tries to settle the first open criterion."""
        self.run(self._settle(person, outcome, 1))

    async def _settle(self, person: str, outcome: str, count: int) -> None:
        async with self.database.reading() as session:
            query = select(Criterion.id, Criterion.gate).where(col(Criterion.outcome) == "")
            found = (await session.exec(query.order_by(col(Criterion.id)).limit(count))).all()
        for criterion, gate in found:
            before = await self._look()
            try:
                await settle_criterion(self.work, self.catalogs, by(person), criterion or 0, outcome, "because")
            except DomainError:
                continue
            entitled = {"U0TOM", "U0RITA", "U0OLGA"} | ({"U0LENA"} if gate == "early_life_support" else set())
            assert person in entitled, f"{person} settled a criterion of {gate}"
            assert (await self._look())[0] == before[0]

    async def _look(self) -> tuple[State, Facts, int]:
        async with self.database.reading() as session:
            release = await session.get(Release, self.release)
            assert release is not None
            known = await facts(session, release, await session.get(Activities, self.release))
            entries = len((await session.exec(select(AuditEntry.id))).all())
        return State(release.state), known, entries

    async def _try(self, person: str, verb: Verb) -> None:
        before, known, entries = await self._look()
        self.tries += 1
        try:
            await self._take(person, verb)
        except DomainError:
            assert (await self._look())[::2] == (before, entries), "a refusal changed something"
            return
        after = (await self._look())[0]
        if verb is Verb.VOID and before in (State.REQUESTED, State.CHANGES_REQUESTED):
            return
        row = transition(verb, before)
        assert row is not None, f"{verb} was taken from {before}"
        assert person in MAY[verb], f"{person} took {verb}"
        assert missing(row.gate, known) == (), f"{verb} went through a closed gate"
        waits_for_others = verb is Verb.APPROVE and after == before
        assert waits_for_others or after == (row.target or before)

    async def _take(self, person: str, verb: Verb) -> None:
        work, catalogs, actor, release = self.work, self.catalogs, by(person), self.release
        nonce = f"n{self.tries}"
        simple: dict[Verb, Callable[..., Awaitable[Any]]] = {
            Verb.START_BUILD: building.start_build,
            Verb.START_TEST: building.start_test,
            Verb.GO: go_no_go.say_go,
            Verb.START_DEPLOYMENT: deployment.start_deployment,
            Verb.MARK_DEPLOYED: deployment.mark_deployed,
            Verb.VERIFY: handover.verify_deployment,
            Verb.START_EARLY_LIFE_SUPPORT: handover.start_support,
            Verb.HAND_OVER: handover.offer_handover,
            Verb.ACCEPT_HANDOVER: handover.accept_handover,
            Verb.RETIRE: handover.retire_release,
            Verb.CANCEL: deployment.cancel_release,
        }
        with_more: dict[Verb, tuple[Callable[..., Awaitable[Any]], tuple[Any, ...]]] = {
            Verb.RECORD_BUILD: (building.record_build, (BUILD, nonce)),
            Verb.RECORD_TEST_RESULT: (testing.record_result, (self._result(), nonce)),
            Verb.ACCEPT_TESTS: (testing.accept_tests, ("works", "holds")),
            Verb.NO_GO: (go_no_go.say_no_go, ("not today",)),
            Verb.BACK_OUT: (deployment.back_out, ("broken", "the one before")),
            Verb.SEND_BACK: (handover.send_back, ("not yet",)),
            Verb.REVIEW: (handover.review_release, ("yes", "it works")),
        }
        if verb in simple:
            await simple[verb](work, catalogs, actor, release)
        elif verb in with_more:
            use_case, more = with_more[verb]
            await use_case(work, catalogs, actor, release, *more)
        else:
            await self._decide(actor, verb)

    def _result(self) -> ResultForm:
        if self.tries % 3 == 0:
            return ResultForm(component="pay-api", result="failed", note="slow")
        return ResultForm(component="pay-api", result="passed")

    async def _decide(self, actor: Any, verb: Verb) -> None:
        async with self.database.reading() as session:
            round_ = (await session.exec(select(Release.round))).one()
        if verb is Verb.APPROVE:
            await approve_release(self.work, self.catalogs, actor, self.release, round_)
        elif verb is Verb.REJECT:
            await reject_release(self.work, self.catalogs, actor, self.release, round_, "no")
        else:
            changed = form(type=self.kind, back_out_plan=f"Another way {self.tries}")
            await edit_release(self.work, self.catalogs, actor, self.release, round_, changed)

    def teardown(self) -> None:
        """Take the database away."""
        self.run(self.database.close())
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)


TestLifecycle = Machine.TestCase
TestLifecycle.settings = settings(
    max_examples=15,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)

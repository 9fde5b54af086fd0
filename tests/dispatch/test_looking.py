"""Opening a form only looks: it writes nothing, and it keeps nobody waiting by a lock."""

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from handlers.dispatch.answers import Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import Handler
from handlers.registration import build_registry
from messages.kit.blocks import value
from models.deployments.tables import DeploymentReport
from models.lifecycle.tables.activities import Activities, ComponentTest, Criterion
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.plan import PlanTask
from models.storage.database import Database
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING
from tests.environments.steps import book
from tests.factories import insert, make_known_error, make_release
from tests.releases.steps import approved, requested, rows

pytestmark = pytest.mark.usefixtures("people", "catalog")

WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|LOCK|BEGIN IMMEDIATE)\b|\bFOR (UPDATE|SHARE)\b|advisory", re.IGNORECASE
)

World = dict[str, Any]
"""What is in the database, by the names that :data:`FORMS` calls it."""

THIS_MONTH = {"a": MORNING.isoformat(), "p": "month", "s": []}

FORMS: dict[str, tuple[str, str | dict[str, Any]]] = {
    "/release request": ("U0ANN", "Card payments"),
    "/release delegate": ("U0RITA", "<@U0SAM>"),
    "/release break-glass": ("U0RITA", "{requested_identifier}"),
    "/release supersede": ("U0RITA", "{requested_identifier}"),
    "/release record": ("U0ANN", "A hotfix"),
    "/known-error record": ("U0ANN", "Refunds time out"),
    "/environment book": ("U0TOM", "test"),
    "/environment release": ("U0EVA", "test"),
    "release:request": ("U0ANN", ""),
    "known_error:record_from_message": ("U0ANN", ""),
    "release:details": ("U0ANN", {"r": "requested"}),
    "release:edit": ("U0ANN", {"r": "requested"}),
    "release:reject": ("U0RITA", {"r": "requested", "n": 1}),
    "release:request_changes": ("U0RITA", {"r": "requested", "n": 1}),
    "release:supersede": ("U0RITA", {"r": "requested"}),
    "release:waive": ("U0RITA", {"r": "requested", "n": 1}),
    "release:criteria": ("U0ANN", {"r": "requested"}),
    "criterion:meet": ("U0TOM", {"c": "criterion"}),
    "criterion:waive": ("U0RITA", {"c": "criterion"}),
    "release:record_build": ("U0BEN", {"r": "building"}),
    "release:tests": ("U0ANN", {"r": "testing"}),
    "testing:strategy": ("U0TOM", {"r": "testing"}),
    "release:record_test_result": ("U0TOM", {"r": "testing"}),
    "testing:record_known_error": ("U0TOM", {"t": "tested"}),
    "release:accept_tests": ("U0TOM", {"r": "testing"}),
    "release:no_go": ("U0RITA", {"r": "ready"}),
    "release:back_out": ("U0DANA", {"r": "deploying"}),
    "/release reschedule": ("U0RITA", "{requested_identifier}"),
    "release:reschedule": ("U0RITA", {"r": "requested"}),
    "release:extend": ("U0RITA", {"r": "deploying"}),
    "release:override": ("U0OLGA", {"r": "authorised"}),
    "release:more": ("U0ANN", {"r": "approved", "do": "criteria"}),
    "release:send_back": ("U0OMAR", {"r": "early_life_support"}),
    "release:review": ("U0RITA", {"r": "handed_over"}),
    "deployment:belongs": ("U0RITA", {"d": "report"}),
    "figures:why": ("U0ANN", THIS_MONTH),
    "digest:schedule": ("U0ANN", THIS_MONTH),
    "service:edit": ("U0OLGA", {"s": "PAY"}),
    "plan:open": ("U0ANN", {"r": "approved"}),
    "plan:task": ("U0RITA", {"r": "approved", "t": "task", "do": "edit", "g": 0}),
    "plan:add": ("U0RITA", {"r": "approved", "g": 0}),
    "plan:sustaining": ("U0RITA", {"r": "approved", "g": 0}),
    "plan:notes": ("U0RITA", {"r": "approved"}),
    "task:snooze": ("U0RITA", {"t": "task"}),
    "task:hand_to": ("U0RITA", {"t": "task"}),
    "known_error:record": ("U0ANN", {"t": "Refunds time out"}),
    "known_error:open": ("U0ANN", {"k": "known_error"}),
    "known_error:link": ("U0ANN", {"k": "known_error"}),
    "known_error:resolve": ("U0TOM", {"k": "known_error"}),
    "known_error:edit": ("U0TOM", {"k": "known_error"}),
    "incident:link": ("U0ANN", {"i": "INC0000045"}),
    "package:open": ("U0ANN", {"r": "requested"}),
    "package:add": ("U0ANN", {"r": "requested"}),
    "package:change": ("U0ANN", {"r": "requested"}),
    "package:remove": ("U0ANN", {"r": "requested"}),
    "package:copy": ("U0ANN", {"r": "requested"}),
    "environment:extend": ("U0TOM", {"b": "booked"}),
    "environment:grant": ("U0EVA", {"b": "waiting"}),
    "environment:refuse": ("U0EVA", {"b": "waiting"}),
    "environment:offer": ("U0EVA", {"b": "waiting"}),
    "environment:say_contents": ("U0EVA", {"e": "test"}),
}
"""Who opens each form, and what they type or what the button carries; a name stands for an id of the world."""


async def test_opening_any_form_writes_nothing_and_locks_nothing(work, clock):
    world, desk = await make_world(work), Desk(work, clock)
    handlers = openers()
    for name, (person, given) in FORMS.items():
        with statements() as said:
            answer = await handlers[name](desk, asked(name, person, given, world))
        assert isinstance(answer, Open), name
        assert not [one for one in said if WRITES.search(one)], name


def test_every_form_is_tried():
    assert set(openers()) == set(FORMS)


@pytest.mark.parametrize(
    "statement", ["SELECT 1 FOR UPDATE", "INSERT INTO release", "SELECT pg_advisory_xact_lock(1)"]
)
def test_writes_and_locks_are_recognised(statement):
    assert WRITES.search(statement)


async def test_a_use_case_is_recognised_as_writing(work):
    with statements() as said:
        await requested(work)
    assert [one for one in said if WRITES.search(one)]


async def make_world(work: UnitOfWork) -> World:
    """Releases, tests, bookings and what else there is a form for, each as its form needs it."""
    waits = await requested(work)
    await insert(work, ReleaseFinding(release_id=waits, rule="freeze", key="close", sentence="It is in a freeze."))
    planned = await approved(work, nonce="planned", **window(9))
    made = {
        state: (await make_release(work, state)).id
        for state in ("building", "testing", "ready", "deploying", "early_life_support", "handed_over")
    }
    for state, release in made.items():
        offered = MORNING if state == "early_life_support" else None
        await insert(work, Activities(release_id=release, offered_at=offered))
    made["authorised"] = (await make_release(work, "ready")).id
    await insert(work, Activities(release_id=made["authorised"], go_by="U0RITA", go_at=MORNING))
    passed = ComponentTest(
        release_id=made["testing"],
        component="pay-api",
        component_name="pay-api",
        passed=True,
        recorded_by="U0TOM",
        recorded_at=MORNING,
    )
    report = DeploymentReport(
        provider="github",
        reference="1",
        service="PAY",
        source="pay/api",
        outcome="succeeded",
        at=MORNING,
        received_at=MORNING,
    )
    return {
        **made,
        "requested": waits,
        "requested_identifier": "PAY-2026.001",
        "approved": planned,
        "criterion": next(one.id for one in await rows(work, Criterion) if one.release_id == planned),
        "task": next(one.id for one in await rows(work, PlanTask) if one.release_id == planned),
        "tested": (await insert(work, passed)).id,
        "report": (await insert(work, report)).id,
        "known_error": (await make_known_error(work)).id,
        "booked": (await book(work, "U0TOM")).id,
        "waiting": (await book(work, "U0BEN")).id,
    }


def openers() -> dict[str, Handler]:
    """The handlers of commands, buttons and shortcuts that can answer by opening a form, by what people do."""
    registry = build_registry()
    verbs = {f"{command} {name}": verb.handler for (command, name), verb in registry.verbs.items()}
    named = {**verbs, **registry.shortcuts, **registry.actions}
    return {name: handler for name, handler in named.items() if can_open(handler, set())}


def can_open(function: Any, seen: set[Any]) -> bool:
    """Whether ``function``, or a function of the handlers that it names or looks up in a table, opens a form."""
    seen.add(function)
    named = [function.__globals__.get(name) for name in function.__code__.co_names]
    named += [one for table in named if isinstance(table, dict) for one in table.values()]
    helpers = [one for one in named if inspect.isfunction(one) and one.__module__.startswith("handlers.")]
    return Open in named or any(can_open(one, seen) for one in helpers if one not in seen)


def asked(name: str, person: str, given: str | dict[str, Any], world: World) -> Incoming:
    """The command, or the click on a button that carries ``given``."""
    if isinstance(given, str):
        text = given.format(**world)
        return Incoming(payload={}, surface="command", person=person, name="", channel="C0PAY", text=text)
    carried = {key: world.get(one, one) if isinstance(one, str) else one for key, one in given.items()}
    action = {"action_id": name, "value": value(**carried)}
    return Incoming(payload={"actions": [action]}, surface="button", person=person, name="")


def window(days: int) -> dict[str, Any]:
    """A window of two hours, so many days from the morning."""
    start = MORNING + timedelta(days=days)
    return {"window_start": start, "window_end": start + timedelta(hours=2)}


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is said to the database meanwhile; a transaction that may write is named, whatever it says."""
    said: list[str] = []
    begin = Database.writing

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    def note_transaction(database):
        said.append("BEGIN IMMEDIATE")
        return begin(database)

    event.listen(Engine, "before_cursor_execute", note)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "writing", note_transaction)
        yield said
    event.remove(Engine, "before_cursor_execute", note)

"""A process of the size that it has somewhere: every answer keeps Slack's limits and says what it leaves out."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from handlers.dispatch.answers import Change, Choices, Open, Replace, Tell, Wrong
from handlers.dispatch.desk import Desk
from handlers.dispatch.errors import answer_to
from handlers.dispatch.incoming import Incoming
from handlers.registration import build_registry
from handlers.releases.card.show import list_releases, turn_list
from messages import home as home_view
from messages.releases.card.lists import LIST_EARLIER, LIST_LATER
from models.environments.tables import Booking
from models.events import SYSTEM
from models.home.home import read_home
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.activities import Activities, ComponentTest, Criterion
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.packages.tables import PackageNode
from models.releases.card.queries import release_card
from scheduler.renderers import RENDERERS
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import make_release
from tests.slack_limits import assert_valid_message, assert_valid_view

REGISTRY = build_registry()

WIDE = "W" * 40 + "&<>"


def large_document() -> dict[str, Any]:
    """A catalog of 100 services and 60 environments; PAY has 300 items, 50 roles and 300 criteria."""
    document = example_document()
    pay = document["services"][0]
    pay["configuration_items"] = [
        {"key": f"item-{n:03d}-{'k' * 30}", "kind": "software", "name": f"{n} {WIDE}"[:75], "version": f"1.{n}"}
        for n in range(300)
    ]
    pay["roles"] |= {f"role_{n:02d}_{'r' * 30}": [f"U0R{n:02d}{k}" for k in range(9)] for n in range(50)}
    pay["criteria"] = {
        gate: [f"Criterion {n} {'&' * 280}" for n in range(100)] for gate in ("entry", "exit", "early_life_support")
    }
    pay["depends_on"] = [f"S{n:03d}" for n in range(100)]
    for n in range(100):
        document["services"].append(
            {
                "key": f"S{n:03d}",
                "name": f"Service {n} {WIDE}",
                "channel": f"C0S{n:03d}",
                "owner": "U0RITA",
                "numbering": f"S{n:03d}-{{year}}.{{sequence:03d}}",
                "policy": {"types": {"minor": {"approvals": {"owner": 1}}}},
            }
        )
    document["environments"] += [
        {"key": f"env-{n:02d}-{'e' * 30}", "name": f"Environment {n} {WIDE}", "manager": "U0EVA"} for n in range(57)
    ]
    return document


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock, "https://desk.example")


@pytest.fixture
async def release(work, people) -> Release:
    """A release that has 300 items, 200 tasks, 300 criteria, 200 components and 60 findings, among 500 others."""
    await put_catalog(work, large_document())
    found = await make_release(
        work, State.TESTING, identifier="PAY-2026.001", title="T" * 150, description="&" * 3000
    )
    about, now = {"release_id": found.id}, work.clock.now()
    items = [
        {"what": "ci", "key": f"item-{n:03d}-{'k' * 30}", "name": f"{n} {WIDE}", "kind": "software", "position": n}
        for n in range(300)
    ]
    tasks = [
        {"position": n, "phase": "implementation", "title": f"{n} {'&' * 140}", "role": "release_manager"}
        for n in range(200)
    ]
    criteria = [
        {"gate": gate, "position": n, "text": f"Criterion {n} {'&' * 280}"}
        for gate in ("entry", "exit", "early_life_support")
        for n in range(100)
    ]
    tests = [
        {"component": f"{n} {'&' * 90}", "component_name": f"c{n}", "passed": n % 2 == 0, "note": "&" * 3000}
        for n in range(200)
    ]
    findings = [{"rule": "collisions", "key": f"X{n}", "sentence": f"Finding {n} {'&' * 200}"} for n in range(60)]
    bookings = [
        {
            "environment": "test",
            "holder": "U0RITA",
            "purpose": "&" * 300,
            "start_at": now + timedelta(hours=2 * n),
            "end_at": now + timedelta(hours=2 * n + 1),
            "status": "booked" if n % 2 else "waiting",
            "requested_at": now,
            "form": f"b{n}",
            "versions": "v" * 1000,
            "test_data": "d" * 1000,
        }
        for n in range(500)
    ]
    others = [
        {
            **found.model_dump(exclude={"id"}),
            "identifier": f"S{n % 100:03d}-2026.{n:03d}",
            "name": f"s{n}",
            "form": f"f{n}",
            "service": f"S{n % 100:03d}",
            "state": ("requested", "approved", "building", "testing")[n % 4],
            "requester": "U0ANN",
            "window_start": MORNING + timedelta(hours=n),
            "window_end": MORNING + timedelta(hours=n + 2),
        }
        for n in range(500)
    ]
    async with work(SYSTEM) as tx:
        tx.session.add(Activities(release_id=found.id, test_strategy="&" * 3000, test_plan="&" * 3000))
        await tx.session.flush()
        connection = await tx.session.connection()
        for table, rows, more in (
            (PackageNode, items, {**about, "version": "v" * 60, "link": ""}),
            (PlanTask, tasks, {**about, "due_at": now, "milestone": True, "owner": None}),
            (Criterion, criteria, {**about, "outcome": "", "grounds": ""}),
            (ComponentTest, tests, {**about, "recorded_by": "U0TOM", "recorded_at": now}),
            (ReleaseFinding, findings, {**about, "reason": ""}),
            (Booking, bookings, {"offers": 0, "offer_outcome": "", "reminded": 0, "asked": [], "reason": ""}),
            (Release, others, {}),
        ):
            await connection.execute(insert(table), [{**row, **more} for row in rows])
    return found


async def answered(handler: Any, desk: Desk, incoming: Incoming) -> Any:
    try:
        return await handler(desk, incoming)
    except Exception as error:
        return answer_to(error, in_modal=False)


def assert_fits(answer: Any) -> None:
    """Slack takes ``answer``, and it is none for what nobody foresaw."""
    match answer:
        case Open(view) | Change(view):
            assert_valid_view(view)
        case Tell(message) | Replace(message):
            assert "give whoever runs Release Desk the reference" not in message.text
            assert_valid_message(message)
        case Choices(options):
            assert len(options) <= 100
        case Wrong(problems):
            assert all(len(problem) < 3000 for problem in problems.values())


def elements(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The buttons and the choices of menus in ``blocks``, each as what its use sends."""
    found = []
    for block in blocks:
        for one in [*(block.get("elements") or ()), block.get("accessory") or block.get("element") or {}]:
            if one.get("type") == "button" and "value" in one:
                found.append({**one, "block_id": block.get("block_id", "")})
            elif one.get("type") in ("overflow", "static_select") and one.get("action_id") in REGISTRY.actions:
                found += [
                    {**one, "block_id": block.get("block_id", ""), "selected_option": choice}
                    for choice in one.get("options", ())[:4]
                ]
    return [one for one in found if one["action_id"] in REGISTRY.actions]


async def follow(desk: Desk, blocks: list[dict[str, Any]], view: dict[str, Any] | None, depth: int) -> int:
    """Use everything in ``blocks`` and everything that comes of it, ``depth`` deep; gives how much was used."""
    used = 0
    for element in elements(blocks):
        surface = "modal" if view else "button"
        payload = {"actions": [element], **({"view": {**view, "id": "V", "state": {"values": {}}}} if view else {})}
        incoming = Incoming(payload=payload, surface=surface, person="U0RITA", name="", response_url="https://x")
        answer = await answered(REGISTRY.actions[element["action_id"]], desk, incoming)
        assert_fits(answer)
        used += 1
        if depth > 1:
            match answer:
                case Open(found) | Change(found):
                    used += await follow(desk, found["blocks"], found, depth - 1)
                case Tell(message) | Replace(message):
                    used += await follow(desk, message.blocks, None, depth - 1)
    return used


READS = {
    "list", "show", "history", "criteria", "test", "kpi", "service", "schedule", "calendar", "plan", "package",
    "request", "search", "record", "book", "release", "cancel",
}  # fmt: skip


@pytest.mark.parametrize(
    "verb",
    [one for one in REGISTRY.verbs.values() if one.name in READS],
    ids=lambda one: f"{one.command} {one.name}",
)
async def test_what_a_command_shows_and_leads_to_fits(desk, release, verb):
    for text in ("", release.identifier, "PAY", "test"):
        body = {"user_id": "U0RITA", "channel_id": "C0PAY"}
        answer = await answered(verb.handler, desk, Incoming.of(body, "command", text))
        assert_fits(answer)
        if text == "PAY":
            continue
        if isinstance(answer, Tell):
            await follow(desk, answer.message.blocks, None, 2)
        elif isinstance(answer, Open):
            await follow(desk, answer.view["blocks"], answer.view, 2)


async def test_every_release_of_a_list_is_come_to(desk, release):
    """*Later* leads to each of 500, and *Earlier* back."""
    body = {"user_id": "U0RITA", "channel_id": "C0PAY"}
    answer = await list_releases(desk, Incoming.of(body, "command", "requested"))
    seen: list[str] = []
    while True:
        assert_fits(answer)
        seen += re.findall(r"S\d{3}-2026\.\d{3}", str(answer.message.blocks))
        (later,) = [one for one in elements(answer.message.blocks) if one["action_id"] == LIST_LATER] or [None]
        if later is None:
            break
        payload = {"actions": [later]}
        answer = await turn_list(desk, Incoming(payload=payload, surface="button", person="U0RITA", name=""))
    assert len(seen) == len(set(seen)) == 125
    assert "These are numbers 121 to 125." in str(answer.message.blocks)
    (earlier,) = [one for one in elements(answer.message.blocks) if one["action_id"] == LIST_EARLIER]
    back = Incoming(payload={"actions": [earlier]}, surface="button", person="U0RITA", name="")
    assert "These are numbers 101 to 120." in str((await turn_list(desk, back)).message.blocks)


async def test_a_service_says_what_it_leaves_out(desk, release):
    body = {"user_id": "U0RITA", "channel_id": "C0PAY"}
    answer = await answered(
        REGISTRY.verbs[("/release", "service")].handler, desk, Incoming.of(body, "command", "PAY")
    )
    said = str(answer.message.blocks)
    assert "and 40 more roles in the catalog" in said
    assert said.count("and 92 more criteria in the catalog") == 3
    assert " and 4 more" in said


async def test_the_card_and_the_home_fit(desk, work, release):
    async with work.reporting() as snapshot:
        catalog = await snapshot.catalog()
        assert_valid_message(
            RENDERERS["release_card"].render(await release_card(snapshot.session, catalog, release.id))
        )
        for everything in (False, True):
            for person in ("U0RITA", "U0ANN", "U0EVA"):
                shown = home_view.render(
                    await read_home(snapshot.session, catalog, person, work.clock.now(), everything=everything)
                )
                assert_valid_view({"type": "home", "blocks": shown.blocks}, "home")

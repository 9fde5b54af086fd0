"""Freezing and lifting on both databases: who may, what it comes to, and who is told."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest

from models.audit import AuditEntry
from models.errors import Invalid, Refused
from models.freezes.arguments import FreezeArguments
from models.freezes.freeze import freeze_service
from models.freezes.in_force import freezes_between
from models.freezes.lift import lift_freeze, unfreeze
from models.freezes.tables import TypedFreeze
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.releases.request.request import request_release
from tests.conftest import MORNING
from tests.factories import make_release
from tests.releases.steps import by, form, requested, rows

pytestmark = pytest.mark.usefixtures("people", "catalog")

DAY = timedelta(days=1)

_deliveries = count()


async def freeze(work, person="U0RITA", service="PAY", days=10, reason="Sale", delivery=""):
    wanted = FreezeArguments(service, work.clock.now() + days * DAY, reason)
    return await freeze_service(work, by(person, "command"), wanted, delivery or f"d{next(_deliveries)}")


async def lift(work, person="U0RITA", service="PAY"):
    return await unfreeze(work, by(person, "command"), service)


async def holding(work, at=timedelta(), service="PAY") -> list[str]:
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        moment = snapshot.now + at
        found = catalog.by_key[service]
        return [
            one.name for one in await freezes_between(snapshot.session, found, catalog.zone(found), moment, moment)
        ]


async def told(work) -> list[tuple[str, str]]:
    """Whom the latest change was told to, and what."""
    sent = [row for row in await rows(work, Outgoing) if row.message in ("freeze_news", "freeze_notice")]
    latest = max(row.key.split(":")[1:3] for row in sent)
    return sorted(
        (row.recipient or f"release {row.release_id}", row.facts["what"])
        for row in sent
        if row.key.split(":")[1:3] == latest
    )


@pytest.mark.parametrize(
    ("person", "service", "may"),
    [
        ("U0RITA", "PAY", True),
        ("U0OLGA", "PAY", True),
        ("U0PETRA", "PAY", True),
        ("U0PETRA", "", True),
        ("U0RITA", "", False),
        ("U0OLGA", "", False),
        ("U0DANA", "PAY", False),
        ("U0ANN", "PAY", False),
        ("U0SAM", "PAY", False),
        ("U0SAM", "WEB", True),
    ],
)
async def test_managers_owner_and_process_owner_freeze_and_only_the_last_all(work, person, service, may):
    if may:
        assert (await freeze(work, person, service)).outcome == "begun"
        assert (await lift(work, person, service)).lifted is not None
    else:
        for act in (freeze, lift):
            with pytest.raises(Refused, match="Petra" if service == "" else "Olga or Rita"):
                await act(work, person, service)
        assert await rows(work, TypedFreeze) == []


async def test_a_freeze_holds_to_the_minute_and_ends_by_itself(work):
    await freeze(work, days=1)
    assert await holding(work) == await holding(work, DAY - timedelta(seconds=1)) == ["Sale"]
    assert await holding(work, DAY) == await holding(work, service="WEB") == []
    await freeze(work, "U0PETRA", "", reason="Audit")
    assert await holding(work, service="WEB") == ["Audit"]


async def test_typed_again_it_becomes_longer_shorter_or_reworded_and_stays_one(work):
    inside = (await make_release(work, State.READY, window_start=MORNING + 2 * DAY)).id
    later = (await make_release(work, window_start=MORNING + 7 * DAY)).id
    await make_release(work, State.DEPLOYED, window_start=MORNING + 2 * DAY)
    await make_release(work, service="WEB", window_start=MORNING + 2 * DAY)
    first = await freeze(work, days=3)
    assert (first.outcome, len(first.touched)) == ("begun", 1)
    assert await told(work) == [("C0PAY", "begun"), (f"release {inside}", "begun")]
    assert (await freeze(work, days=3)).outcome == "same"
    assert (await freeze(work, days=8)).outcome == "longer"
    assert await told(work) == [("C0PAY", "longer"), (f"release {inside}", "longer"), (f"release {later}", "begun")]
    assert (await freeze(work, days=3)).outcome == "shorter"
    assert await told(work) == [
        ("C0PAY", "shorter"),
        (f"release {inside}", "shorter"),
        (f"release {later}", "free"),
    ]
    assert (await freeze(work, days=3, reason="Incident")).outcome == "reworded"
    assert await told(work) == [("C0PAY", "reworded")]
    (row,) = await rows(work, TypedFreeze)
    assert (row.reason, row.ends_at, row.version) == ("Incident", MORNING + 3 * DAY, 4)
    await lift(work)
    assert await told(work) == [("C0PAY", "lifted"), (f"release {inside}", "lifted")]
    assert await holding(work) == []


async def test_a_repeated_command_freezes_once_and_not_again_after_it_was_lifted(work):
    await freeze(work, delivery="same")
    work.clock.move(timedelta(minutes=2))
    assert (await freeze(work, delivery="same")).outcome == "same"
    await lift(work)
    with pytest.raises(Exception, match="over already"):
        await freeze(work, delivery="same")
    assert len(await rows(work, TypedFreeze)) == 1


async def test_freezes_of_several_people_hold_side_by_side_and_ones_own_is_lifted_first(work):
    await freeze(work, "U0OLGA", days=2, reason="Stocktaking")
    beside = await freeze(work, "U0RITA", days=1)
    assert [one.reason for one in beside.beside] == ["Stocktaking"]
    done = await lift(work, "U0RITA")
    assert (done.lifted.reason, [one.reason for one in done.left]) == ("Sale", ["Stocktaking"])
    done = await lift(work, "U0RITA")
    assert (done.lifted.reason, done.lifted.by, done.left) == ("Stocktaking", "Olga", ())
    news = [row for row in await rows(work, Outgoing) if row.message == "freeze_news"][-1]
    assert (news.facts["person"], news.facts["made_by"]) == ("U0RITA", "U0OLGA")


async def test_of_several_by_others_none_is_lifted_until_one_is_chosen(work):
    await freeze(work, "U0OLGA", reason="Stocktaking")
    await freeze(work, "U0PETRA", reason="Audit")
    done = await lift(work, "U0RITA")
    assert (done.lifted, [one.reason for one in done.left]) == (None, ["Stocktaking", "Audit"])
    chosen = await lift_freeze(work, by("U0RITA"), done.left[1].id)
    assert (chosen.lifted.reason, [one.reason for one in chosen.left]) == ("Audit", ["Stocktaking"])
    assert (await lift_freeze(work, by("U0RITA"), done.left[1].id)).lifted is None
    with pytest.raises(Refused):
        await lift_freeze(work, by("U0ANN"), done.left[0].id)


async def test_lifting_says_what_still_holds(work):
    assert (await lift(work)).beyond == ()
    await freeze(work, "U0PETRA", "", reason="Audit")
    await freeze(work)
    done = await lift(work)
    assert (done.lifted.reason, [one.name for one in done.beyond]) == ("Sale", ["Audit"])


async def test_all_services_are_told_once_a_channel(work):
    touched = (await make_release(work, service="WEB", window_start=MORNING + DAY)).id
    await freeze(work, "U0PETRA", "", reason="Audit")
    assert await told(work) == [("C0PAY", "begun"), ("C0WEB", "begun"), (f"release {touched}", "begun")]


async def test_what_is_done_is_in_the_audit_trail(work):
    await freeze(work)
    await freeze(work, days=11)
    await lift(work, "U0OLGA")
    entries = [row for row in await rows(work, AuditEntry) if row.kind == "freeze"]
    assert [(row.tag, row.person, row.grounds) for row in entries] == [
        ("freeze:begun", "U0RITA", "Sale"),
        ("freeze:changed", "U0RITA", "Sale"),
        ("freeze:lifted", "U0OLGA", "Sale"),
    ]


async def test_nothing_is_requested_into_a_freeze_but_emergencies_are(work):
    await freeze(work)
    with pytest.raises(Invalid, match=r"Payments is frozen until Fri 4 Dec 2026 10:00 UTC\+1: Sale"):
        await requested(work)
    assert await requested(work, nonce="e", type="emergency")
    await lift(work)
    assert await requested(work, nonce="after")


async def test_of_a_freeze_and_a_request_at_once_one_learns_of_the_other(work):
    results = await asyncio.gather(
        freeze(work), request_release(work, by("U0ANN"), form(), "n"), return_exceptions=True
    )
    assert not isinstance(results[0], BaseException)
    if isinstance(results[1], Invalid):
        assert await rows(work, Release) == []
    else:
        assert results[0].touched == (results[1].identifier,)

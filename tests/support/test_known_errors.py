import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.audit import AuditEntry
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.outbox import Outgoing
from models.support import queries
from models.support.forms import KnownErrorForm
from models.support.recording import record_known_error
from models.support.resolve import (
    change_workaround,
    check_may_edit_workaround,
    check_may_resolve,
    reopen_known_error,
    resolve_known_error,
)
from models.support.tables import KnownError
from tests.factories import make_known_error, make_release
from tests.releases.steps import deployed, ready

pytestmark = pytest.mark.usefixtures("people", "catalog")


def by(person: str) -> Actor:
    return Actor(person=person, surface="modal")


def form(**changes) -> KnownErrorForm:
    fields = {
        "title": "Refund shows twice",
        "service": "PAY",
        "symptom": "The statement shows the same refund on two lines",
        "workaround": "Reload the statement; the second line disappears.",
        "severity": "medium",
    }
    return KnownErrorForm(**{**fields, **changes})


async def record(work, person="U0ANN", nonce="n", **changes):
    return await record_known_error(work, by(person), form(**changes), nonce)


async def one(work, number=1) -> KnownError:
    async with work.database.reading() as session:
        return await session.get(KnownError, number)


async def tags(work) -> list[str]:
    async with work.database.reading() as session:
        return list((await session.exec(select(AuditEntry.tag).order_by(col(AuditEntry.id)))).all())


async def wished(work) -> dict[str, int]:
    async with work.database.reading() as session:
        return {row.key: row.wanted for row in (await session.exec(select(Outgoing))).all()}


async def test_anybody_records_a_known_error_and_it_is_live_at_once(work, clock):
    made = await record(work)
    known_error = await one(work)
    assert made.number == "KE-1"
    assert (known_error.title, known_error.service, known_error.recorded_by) == (
        "Refund shows twice",
        "PAY",
        "U0ANN",
    )
    assert known_error.live_at == clock.now()
    assert await tags(work) == ["known_error:recorded"]
    assert await wished(work) == {}


async def test_a_known_error_with_a_workaround_is_accepted_and_one_without_is_under_investigation(work):
    await record(work)
    await record(work, nonce="m", workaround="  ")
    assert [(await one(work, number)).status for number in (1, 2)] == ["accepted", "under_investigation"]


async def test_submitting_one_form_twice_records_one_known_error(work):
    both = await asyncio.gather(record(work), record(work))
    again = await record(work)
    assert {made.number for made in (*both, again)} == {"KE-1"}
    assert await one(work, 2) is None
    assert await tags(work) == ["known_error:recorded"]


async def test_everything_wrong_with_a_form_is_said_at_once_under_its_field(work):
    with pytest.raises(Invalid) as refusal:
        await record(work, title="  ", service="NOPE", symptom="", workaround="x" * 3001, severity="bad")
    assert set(refusal.value.problems) == {"title", "service", "symptom", "workaround", "severity"}
    assert await one(work) is None


async def test_a_release_that_is_not_there_is_refused_under_its_field(work):
    with pytest.raises(Invalid) as refusal:
        await record(work, release_id=4711)
    assert set(refusal.value.problems) == {"release"}


async def test_what_no_database_keeps_is_left_out_of_a_text(work):
    await record(work, title="Nul\x00 and half \ud800 a character", symptom="a\x00b\nc")
    known_error = await one(work)
    assert known_error.title == "Nul and half a character"
    assert known_error.symptom == "ab\nc"


async def test_the_configuration_item_that_the_symptom_names_is_the_affected_one(work):
    await record(work, symptom="The Payments API answers 500")
    await record(work, nonce="m", symptom="pay-api cannot reach pay-db")
    assert [(await one(work, number)).ci for number in (1, 2)] == ["pay-api", None]


async def test_a_known_error_found_in_a_release_goes_live_when_the_release_is_deployed(work, clock):
    release = await ready(work)
    await record(work, release_id=release)
    assert (await one(work)).live_at is None
    assert (await wished(work))["known_error:1"] == 1
    clock.move(timedelta(days=8))
    await deployed_now(work, release)
    assert (await one(work)).live_at == clock.now()
    assert "known_error:live" in await tags(work)
    assert (await wished(work))["known_error:1"] == 2


async def deployed_now(work, release):
    from models.releases.activities.deploy import mark_deployed, start_deployment

    await start_deployment(work, by("U0DANA"), release)
    await mark_deployed(work, by("U0DANA"), release)


async def test_a_known_error_found_in_a_deployed_release_is_live_at_once(work):
    release = await deployed(work)
    await record(work, release_id=release)
    assert (await one(work)).live_at is not None


async def test_a_known_error_found_in_a_release_that_was_backed_out_is_not_live(work, clock):
    release = await make_release(work, state="backed_out", deployed_at=clock.now())
    await record(work, release_id=release.id)
    assert (await one(work)).live_at is None


@pytest.mark.parametrize("person", ["U0PIA", "U0RITA", "U0OLGA", "U0ANN"])
async def test_problem_manager_release_manager_owner_and_recorder_resolve(work, clock, person):
    await record(work)
    done = await resolve_known_error(work, by(person), 1, "Fixed in 9.3")
    known_error = await one(work)
    assert not done.again
    assert (known_error.status, known_error.resolved_at, known_error.resolved_by) == (
        "resolved",
        clock.now(),
        person,
    )
    assert known_error.solution == "Fixed in 9.3"
    assert (await tags(work))[-1] == "known_error:resolved"


async def test_somebody_else_is_told_who_may_resolve(work):
    await record(work)
    with pytest.raises(
        Refused, match=r"problem manager, release manager or owner of Payments: Olga, Pia or Rita.*Ann"
    ):
        await resolve_known_error(work, by("U0BOB"), 1, "")
    with pytest.raises(Refused, match="Ann"):
        await check_may_resolve(work, by("U0BOB"), 1)
    assert (await one(work)).status == "accepted"


async def test_a_known_error_of_no_service_is_resolved_by_a_problem_manager_of_any(work):
    await make_known_error(work, service=None, recorded_by="import")
    with pytest.raises(Refused, match="belongs to no service"):
        await resolve_known_error(work, by("U0ANN"), 1, "")
    await resolve_known_error(work, by("U0PIA"), 1, "")
    assert (await one(work)).status == "resolved"


async def test_resolving_twice_changes_nothing_the_second_time(work, clock):
    await record(work)
    await resolve_known_error(work, by("U0PIA"), 1, "Fixed in 9.3")
    first = (await one(work)).resolved_at
    clock.move(timedelta(hours=1))
    done = await resolve_known_error(work, by("U0RITA"), 1, "Something else")
    known_error = await one(work)
    assert done.again
    assert (known_error.resolved_at, known_error.solution) == (first, "Fixed in 9.3")
    assert (await tags(work)).count("known_error:resolved") == 1


async def test_a_reopened_known_error_is_as_open_as_its_workaround_says(work):
    await record(work)
    await resolve_known_error(work, by("U0PIA"), 1, "Fixed in 9.3")
    await reopen_known_error(work, by("U0PIA"), 1)
    known_error = await one(work)
    assert (known_error.status, known_error.resolved_at, known_error.solution) == ("accepted", None, "")
    assert (await reopen_known_error(work, by("U0PIA"), 1)).again


async def test_a_workaround_is_written_by_who_looks_after_what_first_line_reads(work):
    await record(work, workaround="")
    await change_workaround(work, by("U0KIM"), 1, "Reload the statement.")
    assert (await one(work)).status == "accepted"
    assert (await change_workaround(work, by("U0KIM"), 1, " Reload the statement. ")).again
    await change_workaround(work, by("U0IVAN"), 1, "")
    assert (await one(work)).status == "under_investigation"
    for refused in (
        check_may_edit_workaround(work, by("U0BOB"), 1),
        change_workaround(work, by("U0BOB"), 1, "x"),
    ):
        with pytest.raises(Refused):
            await refused


async def test_a_text_that_is_too_long_is_refused_before_anything_changes(work):
    await record(work)
    with pytest.raises(Invalid) as refusal:
        await resolve_known_error(work, by("U0PIA"), 1, "x" * 3001)
    assert set(refusal.value.problems) == {"solution"}


async def test_an_unknown_known_error_answers_with_the_nearest_ones(work):
    for _ in range(13):
        await make_known_error(work)
    async with work.reading() as snapshot:
        with pytest.raises(NotFound, match="KE-21") as missing:
            await queries.known_error_record(snapshot.session, await snapshot.catalog(), 21)
        assert missing.value.nearest[0] == "KE-12"
        with pytest.raises(NotFound) as missing:
            await queries.known_error_record(snapshot.session, await snapshot.catalog(), 999_999_999)
        assert missing.value.nearest


async def test_the_first_unknown_known_error_says_how_to_make_one(work):
    async with work.reading() as snapshot:
        with pytest.raises(NotFound, match="/known-error record"):
            await queries.known_error_record(snapshot.session, await snapshot.catalog(), 1)

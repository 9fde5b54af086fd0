"""Freezes in a calendar: the same entry when they move, cancelled when they are removed."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.catalog.revisions import CatalogRevision
from models.events import SYSTEM
from tests.conftest import example_document, put_catalog

YEAR_END = {"name": "Year end", "kind": "hard", "from": "2026-12-18", "to": "2027-01-04"}

BEFORE = "Freeze: Year end (hard) 2026-12-18"


@pytest.fixture(autouse=True)
async def _nothing_frozen(work, catalog):
    """Nothing was frozen within the time that calendars look back."""
    await put_catalog(work, freezing())
    async with work(SYSTEM) as tx:
        for row in await tx.session.exec(select(CatalogRevision)):
            row.applied_at -= timedelta(days=50)


def freezing(*pay, web=()):
    """The example catalog with these freezes of Payments and of the web shop."""
    document = example_document()
    for service, freezes in zip(document["services"], (pay, web), strict=True):
        service["policy"]["freezes"] = list(freezes)
    return document


def moved(**changes):
    return YEAR_END | changes


async def freezes(program):
    return {name: one for name, one in (await program.events()).items() if name.startswith("Freeze")}


async def test_freezes_keep_their_ids_as_the_days_go_by_and_take_the_catalogs_number(subscribe, work, clock):
    await put_catalog(work, example_document())
    program = await subscribe("pay")
    before = await program.events()
    clock.move(timedelta(days=3))
    await put_catalog(work, example_document())
    after = await program.events()
    name = "Freeze: Month close (soft) 2026-11-28"
    assert after[name]["UID"] == before[name]["UID"]
    assert after[name]["SEQUENCE"] > before[name]["SEQUENCE"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"from": "2026-12-20"}, "Freeze: Year end (hard) 2026-12-20"),
        ({"to": "2027-01-02"}, BEFORE),
        ({"from": "2027-02-01", "to": "2027-02-05"}, "Freeze: Year end (hard) 2027-02-01"),
        ({"kind": "soft"}, "Freeze: Year end (soft) 2026-12-18"),
    ],
)
async def test_a_freeze_that_changes_is_the_same_entry_with_a_higher_number(subscribe, work, changes, name):
    await put_catalog(work, freezing(YEAR_END))
    program = await subscribe("here")
    before = (await freezes(program))[BEFORE]

    await put_catalog(work, freezing(moved(**changes)))

    after = await freezes(program)
    assert list(after) == [name]
    assert (after[name]["UID"], after[name]["STATUS"]) == (before["UID"], "CONFIRMED")
    assert after[name]["SEQUENCE"] > before["SEQUENCE"]
    assert after[name]["DTEND"].dt == date.fromisoformat(changes.get("to", YEAR_END["to"])) + timedelta(days=1)


async def test_days_that_come_again_keep_their_ids_when_they_change(subscribe, work):
    monthly = {"name": "Month close", "kind": "soft", "every": "month", "days": [28, 29, 30, 31]}
    await put_catalog(work, freezing(monthly))
    program = await subscribe("here")
    before = await freezes(program)

    await put_catalog(work, freezing(monthly | {"days": [27, 28, 29]}))

    after = await freezes(program)
    first, then = "Freeze: Month close (soft) 2027-01-28", "Freeze: Month close (soft) 2027-01-27"
    assert after[then]["UID"] == before[first]["UID"]
    assert after[then]["DTEND"].dt == date(2027, 1, 30)
    assert {one["STATUS"] for one in after.values()} == {"CONFIRMED"}
    assert len({str(one["UID"]) for one in after.values()}) == len(after) > 12


async def test_spans_of_one_week_are_told_apart(subscribe, work):
    await put_catalog(
        work, freezing({"name": "Rest", "kind": "soft", "every": "week", "days": ["mon", "wed", "sun"]})
    )
    found = await freezes(await subscribe("here"))
    assert len({str(one["UID"]) for one in found.values()}) == len(found) > 150


async def test_a_freeze_that_is_taken_out_stays_as_cancelled_for_thirty_days(subscribe, work, clock):
    await put_catalog(work, freezing(YEAR_END))
    program = await subscribe("here")
    before = (await freezes(program))[BEFORE]
    clock.move(timedelta(days=1))
    await put_catalog(work, freezing())
    clock.move(timedelta(days=29))
    await put_catalog(work, freezing())

    (gone,) = (await freezes(program)).values()
    assert (gone["UID"], gone["STATUS"]) == (before["UID"], "CANCELLED")
    assert gone["SEQUENCE"] > before["SEQUENCE"]
    assert gone["DTSTART"].dt == date(2026, 12, 18)
    assert str(gone["SUMMARY"]) == "Freeze: Year end (cancelled)"
    assert str(gone["DESCRIPTION"]) == "No freeze any more for Payments"

    clock.move(timedelta(days=2))
    assert await freezes(program) == {}


async def test_a_freeze_that_comes_back_is_the_same_entry_again(subscribe, work):
    await put_catalog(work, freezing(YEAR_END))
    program = await subscribe("here")
    await put_catalog(work, freezing())
    (gone,) = (await freezes(program)).values()
    await put_catalog(work, freezing(YEAR_END))
    (back,) = (await freezes(program)).values()
    assert (back["UID"], back["STATUS"]) == (gone["UID"], "CONFIRMED")
    assert back["SEQUENCE"] > gone["SEQUENCE"]


async def test_a_freeze_that_was_over_is_not_cancelled_by_tidying_up(subscribe, work, clock):
    over = moved(**{"from": "2026-11-20", "to": "2026-11-22"})
    await put_catalog(work, freezing(over))
    program = await subscribe("here")
    assert len(await freezes(program)) == 1
    clock.move(timedelta(days=1))
    await put_catalog(work, freezing())
    assert await freezes(program) == {}


async def test_another_name_is_another_freeze(subscribe, work):
    await put_catalog(work, freezing(YEAR_END))
    program = await subscribe("here")
    await put_catalog(work, freezing(moved(name="Turn of the year")))
    found = await freezes(program)
    assert {name: str(one["STATUS"]) for name, one in found.items()} == {
        "Freeze: Year end (cancelled) 2026-12-18": "CANCELLED",
        "Freeze: Turn of the year (hard) 2026-12-18": "CONFIRMED",
    }
    assert len({str(one["UID"]) for one in found.values()}) == 2


async def test_services_with_one_freeze_are_one_entry_until_one_goes_its_own_way_and_after(subscribe, work):
    both = freezing(YEAR_END, web=[YEAR_END])
    await put_catalog(work, both)
    program = await subscribe()
    (shared,) = (await freezes(program)).values()
    assert str(shared["DESCRIPTION"]) == "No deployments of Payments, Web shop"

    await put_catalog(work, freezing(YEAR_END, web=[moved(**{"from": "2026-12-20"})]))
    apart = await freezes(program)
    assert str(apart[BEFORE]["DESCRIPTION"]) == "No deployments of Payments"
    assert apart[BEFORE]["UID"] == shared["UID"]
    own = apart["Freeze: Year end (hard) 2026-12-20"]
    assert str(own["DESCRIPTION"]) == "No deployments of Web shop"
    assert own["UID"] != shared["UID"]

    await put_catalog(work, both)
    found = await freezes(program)
    assert found[BEFORE]["UID"] == shared["UID"]
    assert {str(one["UID"]) for one in found.values() if one["STATUS"] == "CONFIRMED"} == {str(shared["UID"])}


async def test_what_becomes_part_of_another_entry_is_not_cancelled(subscribe, work):
    await put_catalog(work, freezing(web=[YEAR_END]))
    program = await subscribe()
    await put_catalog(work, freezing(YEAR_END, web=[YEAR_END]))
    assert [str(one["STATUS"]) for one in (await freezes(program)).values()] == ["CONFIRMED"]


async def test_a_service_that_leaves_takes_its_freezes_along(subscribe, work):
    await put_catalog(work, freezing(web=[YEAR_END]))
    everything, own = await subscribe(), await subscribe("web")
    document = freezing()
    del document["services"][1]
    await put_catalog(work, document)
    for program in (everything, own):
        assert [str(one["STATUS"]) for one in (await freezes(program)).values()] == ["CANCELLED"]


async def test_freezes_of_other_services_are_none_of_a_calendars_business(subscribe, work):
    await put_catalog(work, freezing(YEAR_END))
    program = await subscribe("web")
    await put_catalog(work, freezing())
    assert await freezes(program) == {}


async def test_a_calendar_reads_the_same_while_other_parts_of_old_catalogs_differ(subscribe, work):
    await put_catalog(work, freezing(YEAR_END))
    document = freezing(YEAR_END)
    document["services"][0]["name"] = "Card payments"
    await put_catalog(work, document)
    (one,) = (await freezes(await subscribe("here"))).values()
    assert str(one["DESCRIPTION"]) == "No deployments of Card payments"

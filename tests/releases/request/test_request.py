"""Requesting releases: what is refused, and how they are numbered."""

import asyncio
import re
from datetime import timedelta

import pytest

from models.catalog.numbering import fold_identifier
from models.errors import Invalid, NotFound
from models.lifecycle.identifiers import find_release
from models.lifecycle.tables.release import Release
from models.packages.change_ids import parse_changes
from models.releases.request.form import check_request
from models.releases.request.request import request_release
from tests.conftest import MORNING, example_document, put_catalog
from tests.releases.steps import by, form, requested, rows

pytestmark = pytest.mark.usefixtures("people")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"window_end": MORNING + timedelta(days=7)}, "window_end", "ends before it starts"),
        ({"window_end": MORNING + timedelta(days=8)}, "window_end", "ends before it starts"),
        ({"window_start": MORNING - timedelta(minutes=1)}, "window_start", "in the past"),
        ({"window_start": None}, "window_start", "Say when the window starts"),
        ({"type": "huge"}, "type", "has no huge releases"),
        ({"method": "carrier pigeon"}, "method", "not deployed carrier pigeon"),
        ({"title": "x" * 151}, "title", "151 characters"),
        ({"description": "x" * 10_000}, "description", "10,000 characters"),
        ({"description": "   "}, "description", "Say what changes"),
        ({"changes": "CHG1, later"}, "changes", "'later' is not a change id"),
        ({"changes": ""}, "changes", "at least one authorised change"),
        ({"service": "NOPE"}, "service", "not a service"),
    ],
)
async def test_what_is_wrong_is_said_under_its_field(catalog, changes, field, words):
    with pytest.raises(Invalid) as wrong:
        check_request(form(**changes), catalog, MORNING)
    assert list(wrong.value.problems) == [field]
    assert words in wrong.value.problems[field]


async def test_all_mistakes_are_named_at_once_and_no_number_is_taken(work, catalog):
    bad = form(title="", changes="?", window_end=MORNING)
    with pytest.raises(Invalid) as wrong:
        await request_release(work, by("U0ANN"), bad, "n")
    assert set(wrong.value.problems) == {"title", "changes", "window_end"}
    await requested(work)
    assert [release.identifier for release in await rows(work, Release)] == ["PAY-2026.001"]


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("CHG0000132", ["CHG0000132"], []),
        ("chg0000132; CHG0000132\nRFC-7", ["CHG0000132", "RFC-7"], []),
        ("12345", [], ["12345"]),
        ("CHG", [], ["CHG"]),
        ("<!channel>", [], ["<!channel>"]),
    ],
)
def test_change_ids_are_read_from_free_text(text, good, bad):
    assert parse_changes(text) == (good, bad)


async def test_requests_at_the_same_moment_get_numbers_without_gaps(work, catalog):
    await asyncio.gather(*(requested(work, nonce=f"n{n}") for n in range(20)))
    numbers = sorted(release.identifier for release in await rows(work, Release))
    assert numbers == [f"PAY-2026.{n:03d}" for n in range(1, 21)]


async def test_the_same_form_sent_twice_makes_one_release(work, catalog):
    made = await asyncio.gather(*(requested(work, nonce="same") for _ in range(4)))
    assert len(set(made)) == 1
    assert len(await rows(work, Release)) == 1
    assert await requested(work, nonce="other") != made[0]
    assert {release.identifier for release in await rows(work, Release)} == {"PAY-2026.001", "PAY-2026.002"}


async def test_numbering_starts_anew_with_the_year_on_the_services_calendar(work, catalog, clock):
    await requested(work, nonce="a")
    clock.set(MORNING.replace(month=12, day=31, hour=23, minute=30))
    monday = MORNING.replace(year=2027, month=1, day=11)
    start = {"window_start": monday, "window_end": monday + timedelta(hours=2)}
    await requested(work, nonce="b", **start)
    assert [one.identifier for one in await rows(work, Release)] == ["PAY-2026.001", "PAY-2027.001"]


async def test_a_scheme_with_versions_counts_minors_and_begins_anew_with_a_major(work):
    document = example_document()
    pay = document["services"][0]
    pay["numbering"] = "PAY {sequence} v{version}"
    await put_catalog(work, document)
    later = {"window_start": MORNING + timedelta(days=15), "window_end": MORNING + timedelta(days=15, hours=2)}
    for number, kind in enumerate(["minor", "minor", "major", "minor"]):
        await requested(work, nonce=str(number), type=kind, **later)
    found = [one.identifier for one in await rows(work, Release)]
    assert found == ["PAY 1 v1.0", "PAY 2 v1.1", "PAY 3 v2.0", "PAY 4 v2.1"]


@pytest.mark.parametrize("typed", ["pay-2026.001", "PAY-2026.001.", '"PAY-2026.001",', " (Pay-2026.001) "])
async def test_case_and_punctuation_around_an_identifier_do_not_matter(work, catalog, typed):
    await requested(work)
    async with work.database.reading() as session:
        release, rest = await find_release(session, typed)
    assert (release.identifier, rest) == ("PAY-2026.001", "")


async def test_an_identifier_with_spaces_is_found_and_the_words_after_it_are_kept(work, catalog):
    web = {"service": "WEB", "method": "rolling"}
    await requested(work, **web)
    async with work.database.reading() as session:
        release, rest = await find_release(session, "release package 1 V1.0 no longer needed")
    assert (release.identifier, rest) == ("Release Package 1 v1.0", "no longer needed")


async def test_an_unknown_identifier_names_the_nearest(work, catalog):
    await requested(work)
    async with work.database.reading() as session:
        with pytest.raises(NotFound, match=re.escape("PAY-2026.01")) as missing:
            await find_release(session, "PAY-2026.01")
    assert missing.value.nearest == ("PAY-2026.001",)
    assert "/release list" not in str(missing.value)
    async with work.database.reading() as session:
        with pytest.raises(NotFound, match="/release list shows those that are open") as missing:
            await find_release(session, "zzzz")
    assert missing.value.nearest == ()


def test_folding_ignores_case_space_and_edges():
    assert fold_identifier("  «Release   Package 9 V2.0»! ") == "release package 9 v2.0"

"""The calendar as a program sees it: over a real socket, read with a calendar library."""

import hashlib
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from models.calendar.addresses import stop_addresses
from models.freezes.arguments import FreezeArguments
from models.freezes.freeze import freeze_service
from models.freezes.lift import unfreeze
from models.lifecycle.lifecycle import State
from models.people.directory_refresh import Profile, remember_people
from models.releases.activities.deploy import mark_deployed, start_deployment
from models.releases.activities.go_no_go import say_go
from models.releases.approval.approve import approve_release
from models.releases.approval.reject import reject_release
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from tests.calendar.conftest import Subscriber
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import make_release
from tests.releases.steps import approved, by, form, go_to_window, requested, take_through_tests
from tests.slack_limits import HOSTILE

LATER = MORNING + timedelta(days=9)


async def test_a_release_is_an_entry_with_its_window_and_what_it_is_about(subscribe, work):
    await requested(work)
    event = await (await subscribe()).release()
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (form().window_start, form().window_end)
    assert event["DTSTART"].params["TZID"] == event["DTEND"].params["TZID"] == "Europe/Amsterdam"
    assert str(event["SUMMARY"]) == "PAY-2026.001 Card payments 9.2 (waiting for approval)"
    assert str(event["DESCRIPTION"]).splitlines() == [
        "Payments: minor release, waiting for approval",
        "Method: rolling",
        "Requested by Ann",
        "Authorised changes: CHG0000132",
        "",
        "Faster settlement",
    ]
    assert (event["STATUS"], event["TRANSP"], event["LAST-MODIFIED"].dt) == ("TENTATIVE", "TRANSPARENT", MORNING)


async def test_a_typed_freeze_is_an_entry_to_the_minute_that_ends_when_it_is_lifted(subscribe, work, clock):
    until = MORNING + timedelta(days=2, minutes=7)
    await freeze_service(work, by("U0RITA"), FreezeArguments("PAY", until, "Sale"), "d")
    program = await subscribe("PAY")
    status, headers, _ = await program.get()
    (event,) = [one for name, one in (await program.events()).items() if "Sale" in name]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (MORNING, until)
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (
        "Freeze: Sale (hard)",
        "No deployments of Payments",
    )
    clock.move(timedelta(hours=1))
    await unfreeze(work, by("U0RITA"), "PAY")
    assert (await program.get(**{"If-None-Match": headers["ETag"]}))[0] == status == 200
    (after,) = [one for name, one in (await program.events()).items() if "Sale" in name]
    assert (after["UID"], after["SEQUENCE"], after["DTEND"].dt) == (event["UID"], 2, MORNING + timedelta(hours=1))
    assert not [name for name in await (await subscribe("WEB", "U0BOB")).events() if "Sale" in name]


async def test_the_calendar_says_its_name_and_how_often_to_look(subscribe):
    calendar = await (await subscribe("web")).calendar()
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == "Releases - Web shop"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar.errors == []


async def test_a_move_reaches_subscribers_under_the_same_id_with_a_higher_number(subscribe, work, clock):
    release = await approved(work)
    program = await subscribe("here")
    before = await program.release()
    assert (before["STATUS"], str(before["SUMMARY"])) == ("CONFIRMED", "PAY-2026.001 Card payments 9.2")
    clock.move(timedelta(hours=1))
    moved = form(window_start=LATER, window_end=LATER + timedelta(hours=1))
    await edit_release(work, by("U0ANN"), release, 1, moved)
    after = await program.release()
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert (after["DTSTART"].dt, after["STATUS"]) == (LATER, "TENTATIVE")
    assert after["LAST-MODIFIED"].dt == MORNING + timedelta(hours=1)


async def test_a_new_title_has_a_higher_number_too(subscribe, work):
    release = await requested(work)
    program = await subscribe()
    before = await program.release()
    await edit_release(work, by("U0ANN"), release, 1, form(title="Card payments 9.3"))
    after = await program.release()
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert "Card payments 9.3" in after["SUMMARY"]


@pytest.mark.parametrize("end", ["cancel", "reject"])
async def test_what_will_not_take_place_stays_as_cancelled_for_thirty_days(subscribe, work, clock, end):
    release = await requested(work)
    program = await subscribe()
    before = await program.release()
    if end == "cancel":
        await cancel_release(work, by("U0ANN"), release)
    else:
        await reject_release(work, by("U0RITA"), release, 1, "Not now")
    clock.move(timedelta(days=29))
    after = await program.release()
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    clock.move(timedelta(days=2))
    assert [name for name in await program.events() if name.startswith("PAY")] == []


async def test_every_step_of_a_release_has_a_number_of_its_own(subscribe, work):
    release = await requested(work)
    program = await subscribe()
    numbers = [(await program.release())["SEQUENCE"]]
    await approve_all(work, release)
    numbers.append((await program.release())["SEQUENCE"])
    await take_through_tests(work, release)
    await say_go(work, by("U0RITA"), release)
    await go_to_window(work, release)
    for step in (start_deployment, mark_deployed):
        numbers.append((await program.release())["SEQUENCE"])
        await step(work, by("U0DANA"), release)
    last = await program.release()
    assert sorted({*numbers, last["SEQUENCE"]}) == [*numbers, last["SEQUENCE"]]
    assert last["STATUS"] == "CONFIRMED"


async def approve_all(work, release: int) -> None:
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 1)


async def test_what_is_over_leaves_after_thirty_days(subscribe, work):
    old = MORNING - timedelta(days=32)
    await make_release(work, State.DEPLOYED, identifier="PAY-1", window_start=old)
    await make_release(work, State.DEPLOYED, identifier="PAY-2", window_start=MORNING - timedelta(days=29))
    assert [name for name in await (await subscribe()).events() if name.startswith("PAY")] == ["PAY-2"]


async def test_freezes_are_whole_days_until_the_day_after_their_last(subscribe):
    events = await (await subscribe("pay")).events()
    freeze = events["Freeze: Year end (hard) 2026-12-18"]
    assert (freeze["DTSTART"].dt, freeze["DTEND"].dt) == (date(2026, 12, 18), date(2027, 1, 5))
    assert str(freeze["DESCRIPTION"]) == "No deployments of Payments"
    february = events["Freeze: Month close (soft) 2027-02-28"]
    assert (february["DTSTART"].dt, february["DTEND"].dt) == (date(2027, 2, 28), date(2027, 3, 1))
    assert len({event["UID"] for event in events.values()}) == len(events)


@pytest.mark.parametrize(
    ("words", "shown"),
    [("", {"PAY-1", "WEB-1"}), ("web", {"WEB-1"}), ("pay web", {"PAY-1", "WEB-1"}), ("here", {"PAY-1"})],
)
async def test_a_calendar_holds_the_services_it_was_asked_for(subscribe, work, words, shown):
    await make_release(work, identifier="PAY-1")
    await make_release(work, service="WEB", identifier="WEB-1")
    assert {name for name in await (await subscribe(words)).events() if "Freeze" not in name} == shown


async def test_a_channel_without_a_service_any_more_has_an_empty_calendar(subscribe, work):
    await make_release(work, identifier="PAY-1")
    program = await subscribe("here")
    document = example_document()
    for service in document["services"]:
        service["channel"] = "C0MGMT"
    await put_catalog(work, document)
    assert await program.events() == {}


INJECTING = "One\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil; a, b \\n c: \U0001f680" + "\u00e9" * 200


@pytest.mark.parametrize("title", [HOSTILE, INJECTING, "=" * 3000])
async def test_what_people_typed_stays_text(subscribe, work, title):
    await make_release(work, identifier="PAY-1", title=title, description=title * 3, changes=[title])
    status, _, body = await (await subscribe("here")).get()
    assert status == 200
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    entries = Calendar.from_ical(body).walk("VEVENT")
    (event,) = [one for one in entries if not str(one["UID"]).startswith("freeze-")]
    first = title.split()[0][:8]
    assert str(event["SUMMARY"]).removeprefix("PAY-1 ").lstrip("\u2068").startswith(first)
    assert "\n" not in str(event["SUMMARY"])
    assert not any(character in event["SUMMARY"] + event["DESCRIPTION"] for character in "\x07\r")


async def test_an_unchanged_calendar_is_not_sent_again(subscribe, work, clock):
    release = await make_release(work, identifier="PAY-1")
    program = await subscribe()
    status, headers, body = await program.get()
    assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["ETag"].strip('"') == hashlib.sha256(body).hexdigest()[:32]
    tag, modified = headers["ETag"], headers["Last-Modified"]
    assert modified == "Tue, 24 Nov 2026 09:00:00 GMT"
    clock.move(timedelta(hours=5))
    for known in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{tag}'},
        {"If-Modified-Since": modified},
        {"If-None-Match": tag, "If-Modified-Since": "Mon, 23 Nov 2026 09:00:00 GMT"},
    ):
        status, headers, sent = await program.get(**known)
        assert (status, sent, headers["ETag"]) == (304, b"", tag)
    assert (await program.get(**{"If-None-Match": '"other"', "If-Modified-Since": modified}))[0] == 200
    async with work(by("U0ANN")) as tx:
        (await tx.session.get(type(release), release.id)).title = "Another"
    assert (await program.get(**{"If-None-Match": tag}))[0] == 200
    clock.move(timedelta(days=1))
    assert (await program.get(**{"If-Modified-Since": modified}))[0] == 200


async def test_head_says_what_get_would(subscribe):
    program = await subscribe()
    status, headers, body = await program.get("HEAD")
    assert (status, body, headers["Content-Type"]) == (200, b"", "text/calendar; charset=utf-8")
    assert (await program.get("POST"))[0] == 405


async def test_an_ended_address_is_as_if_it_had_never_been(subscribe, work):
    program, other = await subscribe("here"), await subscribe()
    await stop_addresses(work, by("U0ANN"), "C0PAY")
    assert (await program.get())[0] == 404
    assert (await other.get())[0] == 200


async def test_who_has_left_has_no_calendar(subscribe, work):
    program = await subscribe()
    await remember_people(work, [Profile("U0ANN", "Ann", "UTC", active=False)])
    assert (await program.get())[0] == 404


@pytest.mark.parametrize(
    "path", ["/calendar", "/calendar/", "/calendar/.ics", f"/calendar/{'a' * 43}.ics", f"/calendar/{'a' * 43}",
             "/calendar/%00.ics", "/calendar/" + 43 * "\u00e9" + ".ics"],
)  # fmt: skip
async def test_other_paths_hold_no_calendar(server, path):
    assert (await Subscriber(server + path).get())[0] == 404


async def test_a_calendar_of_many_releases_is_served_whole(subscribe, work):
    for count in range(600):
        await make_release(work, identifier=f"PAY-{count}", window_start=MORNING + timedelta(hours=count))
    assert len([name for name in await (await subscribe("pay")).events() if name.startswith("PAY")]) == 600


AMSTERDAM = ZoneInfo("Europe/Amsterdam")


async def test_a_time_of_day_is_the_same_before_and_after_clocks_are_set(subscribe, work):
    for number, day in enumerate((date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 30), date(2027, 10, 31))):
        start = datetime.combine(day, time(22), AMSTERDAM).astimezone(UTC)
        await make_release(work, identifier=f"PAY-{number}", window_start=start)
    events = [one for name, one in (await (await subscribe()).events()).items() if name.startswith("PAY")]
    assert [one["DTSTART"].to_ical() for one in events] == [
        b"20270327T220000",
        b"20270328T220000",
        b"20271030T220000",
        b"20271031T220000",
    ]
    assert {one["DTSTART"].params["TZID"] for one in events} == {"Europe/Amsterdam"}


async def test_a_time_that_clocks_show_twice_is_the_right_one(subscribe, work):
    starts = [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    for number, start in enumerate(starts):
        await make_release(work, identifier=f"PAY-{number}", window_start=start)
    events = await (await subscribe()).events()
    found = [events[f"PAY-{number}"]["DTSTART"] for number in range(3)]
    assert [one.dt.astimezone(UTC) for one in found] == starts
    assert [one.to_ical() for one in found] == [b"20271031T023000", b"20271031T013000Z", b"20271031T033000"]


async def test_each_zone_that_times_are_in_is_described_once_and_before_them(subscribe, work):
    document = example_document()
    document["services"][1]["timezone"] = "America/New_York"
    await put_catalog(work, document)
    for number in range(3):
        await make_release(work, identifier=f"PAY-{number}")
        await make_release(work, service="WEB", identifier=f"WEB-{number}")
    program = await subscribe()
    calendar = await program.calendar()
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/New_York", "Europe/Amsterdam"]
    assert [part.name for part in calendar.subcomponents[:3]] == ["VTIMEZONE", "VTIMEZONE", "VEVENT"]
    assert calendar.get_missing_tzids() == set()
    assert (await program.events())["WEB-1"]["DTSTART"].params["TZID"] == "America/New_York"


async def test_a_catalog_in_utc_needs_no_zone(subscribe, work):
    await put_catalog(work, example_document() | {"timezone": "UTC"})
    await make_release(work, identifier="PAY-1")
    calendar = await (await subscribe()).calendar()
    assert list(calendar.walk("VTIMEZONE")) == []
    assert b"Z" in calendar.walk("VEVENT")[0]["DTSTAMP"].to_ical()


@pytest.mark.parametrize(
    "start", [MORNING, datetime(2027, 3, 28, 0, 59, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC)]
)
async def test_a_program_that_knows_no_zones_reads_the_right_moment_from_the_description(subscribe, work, start):
    await make_release(work, identifier="PAY-1", window_start=start)
    program = await subscribe()
    (described,) = (await program.calendar()).walk("VTIMEZONE")
    wall = (await program.release())["DTSTART"].dt.replace(tzinfo=described.to_tz(lookup_tzid=False))
    assert wall.astimezone(UTC) == start


LOAD = """
import sys
import bot.assembly
assert "icalendar" not in sys.modules
"""


def test_what_writes_calendars_is_loaded_with_the_first_calendar_only():
    subprocess.run([sys.executable, "-c", LOAD], cwd=Path(__file__).parents[2], check=True)

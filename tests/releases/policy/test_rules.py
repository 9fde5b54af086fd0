"""The rules of policy as tables: request, surroundings, findings."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.catalog.document import Catalog
from models.freezes.tables import TypedFreeze
from models.lifecycle.overlaps import Planned
from models.packages.compatibility import PlannedItem, PresentItem
from models.packages.tree import Node, NodeType
from models.releases.policy.free_windows import free_windows
from models.releases.policy.judge import judge
from models.releases.policy.rules.compatibility import compatibility
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight, by_field, merged
from models.releases.policy.rules.freezes import freezes
from models.releases.policy.rules.frequency import frequency
from models.releases.policy.rules.lead_time import lead_time
from models.releases.policy.rules.people import people
from models.releases.policy.rules.windows import windows
from models.time.days import say_moment, say_window
from tests.conftest import MORNING, example_document

HELD = {
    role: frozenset((f"U0{role.upper()}",))
    for role in ("release_manager", "owner", "test_manager", "knowledge_manager", "deployment_staff", "els_lead")
}

NOBODY_ELSE = Surroundings(holders=HELD)


def local(text: str, zone: str = "Europe/Amsterdam") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def asked(first: str, last: str = "", *, policy=None, zone=None, **more) -> PolicyFacts:
    """A minor release of Payments, requested on Tue 24 Nov 2026, 10:00 in Amsterdam."""
    document = example_document()
    pay = document["services"][0]
    pay["policy"] |= policy or {}
    if zone:
        pay["timezone"] = zone
    catalog = Catalog.model_validate(document)
    fields = {"service": catalog.by_key["PAY"], "requester": "U0ANN", "requested_at": MORNING, "type": "minor"}
    moments = {
        "start": local(first, zone or "Europe/Amsterdam"),
        "end": local(last, zone or "Europe/Amsterdam") if last else None,
    }
    return PolicyFacts(catalog=catalog, **{**fields, "method": "rolling", **moments, **more})


def kinds(findings: list[Finding]) -> list[Weight]:
    return [one.weight for one in findings if one.weight > Weight.INFO]


@pytest.mark.parametrize(
    ("start", "kind", "says"),
    [
        ("2026-11-27T10:00", "minor", []),
        ("2026-11-27T09:59", "minor", [Weight.HARD]),
        ("2026-12-08T10:00", "major", []),
        ("2026-12-08T09:59", "major", [Weight.HARD]),
        ("2026-11-24T10:05", "emergency", []),
    ],
)
def test_notice_is_the_types(start, kind, says):
    assert kinds(lead_time(asked(start, type=kind), NOBODY_ELSE)) == says


@pytest.mark.parametrize(("start", "says"), [("2027-03-29T10:00", []), ("2027-03-29T09:59", [Weight.HARD])])
def test_notice_is_counted_on_the_services_calendar_where_the_clocks_change(start, says):
    on_friday = local("2027-03-26T10:00")
    assert kinds(lead_time(asked(start, requested_at=on_friday), NOBODY_ELSE)) == says


def test_too_short_a_notice_says_the_earliest_start_with_the_offset_of_the_service():
    (found,) = lead_time(asked("2026-11-25T10:00", zone="Asia/Kolkata"), NOBODY_ELSE)
    assert found.field == "window_start"
    assert "Fri 27 Nov 2026 14:30 UTC+5:30" in found.sentence


OFFICE = [{"days": ["mon", "tue", "wed", "thu"], "from": "09:00", "to": "16:00"}]

NIGHT = [
    {"days": ["fri"], "from": "22:00", "to": "24:00"},
    {"days": ["sat"], "from": "00:00", "to": "24:00"},
    {"days": ["sun"], "from": "00:00", "to": "06:00"},
]

EARLY = [{"days": ["sun"], "from": "01:00", "to": "05:00"}]


@pytest.mark.parametrize(
    ("policy", "start", "end", "field"),
    [
        (OFFICE, "2026-12-03T09:00", "2026-12-03T16:00", ""),
        (OFFICE, "2026-12-03T08:59", "2026-12-03T10:00", "window_start"),
        (OFFICE, "2026-12-03T15:00", "2026-12-03T16:01", "window_end"),
        (OFFICE, "2026-12-04T10:00", "2026-12-04T11:00", "window_start"),
        (OFFICE, "2026-12-02T15:00", "2026-12-03T10:00", "window_end"),
        (OFFICE, "2026-12-31T10:00", "2026-12-31T11:00", ""),
        (NIGHT, "2026-12-04T23:00", "2026-12-06T05:00", ""),
        (NIGHT, "2026-12-04T23:00", "2026-12-06T06:01", "window_end"),
        (NIGHT, "2026-12-07T02:00", "2026-12-07T03:00", "window_start"),
        (EARLY, "2027-03-28T01:00", "2027-03-28T05:00", ""),
        (EARLY, "2027-10-31T01:00", "2027-10-31T05:00", ""),
        (EARLY, "2027-10-31T04:00", "2027-10-31T05:30", "window_end"),
        ([], "2026-12-05T03:00", "2026-12-05T04:00", ""),
    ],
)
def test_all_of_a_window_lies_in_the_deployment_windows_on_the_services_clock(policy, start, end, field):
    found = windows(asked(start, end, policy={"windows": policy}), NOBODY_ELSE)
    assert [one.field for one in found if one.weight == Weight.HARD] == ([field] if field else [])


@pytest.mark.parametrize(("minutes", "says"), [(0, []), (1, [Weight.HARD])])
def test_a_window_lasts_until_the_clock_shows_its_end_for_the_last_time(minutes, says):
    policy = {"windows": [{"days": ["sun"], "from": "01:00", "to": "02:30"}]}
    twice = datetime(2027, 10, 31, 1, 30 + minutes, tzinfo=UTC)  # 02:30 in Amsterdam, for the second time
    facts = asked("2027-10-31T01:00", policy=policy, end=twice)
    assert kinds(windows(facts, NOBODY_ELSE)) == says


def test_windows_are_the_services_clock_not_the_requesters():
    facts = asked("2026-12-03T10:00", "2026-12-03T11:00", zone="America/New_York")
    assert kinds(windows(facts, NOBODY_ELSE)) == []
    assert kinds(windows(asked("2026-12-03T10:00", zone="Pacific/Auckland"), NOBODY_ELSE)) == []


@pytest.mark.parametrize("start", ["2026-11-28T03:00", "2026-12-20T03:00"])
def test_neither_notice_nor_windows_nor_freezes_hold_an_emergency_up_and_freezes_are_named(start):
    facts = asked(start, f"{start[:11]}04:00", type="emergency")
    found = judge(facts, Surroundings(holders=HELD, typed=(typed_freeze("2026-11-27T12:00", "2026-12-21T12:00"),)))
    assert kinds(found) == []
    named = [one.sentence for one in found if one.rule == "freezes"]
    assert [("freeze" in one or "frozen" in one, "An emergency may go out" in one) for one in named] == [
        (True, True)
    ] * 2


def typed_freeze(starts: str, ends: str, service: str = "PAY", **more) -> TypedFreeze:
    fields = {"id": 3, "reason": "Sale", "made_by": "U0RITA", "made_at": MORNING, "changed_at": MORNING, "told": []}
    return TypedFreeze(service=service, starts_at=local(starts), ends_at=local(ends), **(fields | more))


@pytest.mark.parametrize(
    ("frozen", "more", "start", "end", "says"),
    [
        (("PAY", "12:00", "18:00"), {}, "17:59", "19:00", ["freezes"]),
        (("PAY", "12:00", "18:00"), {}, "18:00", "19:00", []),
        (("PAY", "12:00", "18:00"), {}, "11:00", "12:00", []),
        (("PAY", "12:00", "18:00"), {}, "11:00", "12:01", ["freezes"]),
        (("PAY", "12:00", "18:00"), {"lifted_at": local("2026-12-02T15:00")}, "15:00", "16:00", []),
        (("PAY", "12:00", "18:00"), {"lifted_at": local("2026-12-02T12:00")}, "11:00", "19:00", []),
        (("", "12:00", "18:00"), {}, "13:00", "14:00", ["freezes"]),
        (("WEB", "12:00", "18:00"), {}, "13:00", "14:00", ["dependencies"]),
        (("CRM", "12:00", "18:00"), {}, "13:00", "14:00", []),
    ],
)
def test_a_typed_freeze_holds_to_the_minute_for_its_service_or_all(frozen, more, start, end, says):
    service, starts, ends = frozen
    facts = asked(f"2026-12-02T{start}", f"2026-12-02T{end}", policy={"windows": [], "freezes": []})
    web = facts.catalog.by_key["WEB"]
    row = typed_freeze(f"2026-12-02T{starts}", f"2026-12-02T{ends}", service, **more)
    found = judge(facts, Surroundings(holders=HELD, dependants=(web,), typed=(row,)))
    assert [one.rule for one in found if one.weight > Weight.INFO] == says
    weights = {"freezes": Weight.HARD, "dependencies": Weight.SOFT}
    assert kinds(found) == [weights[rule] for rule in says]


def test_no_free_window_lies_in_a_typed_freeze():
    around = Surroundings(holders=HELD, typed=(typed_freeze("2026-11-24T10:00", "2026-12-03T12:00"),))
    first = free_windows(asked("2026-12-02T10:00", "2026-12-02T12:00"), around)[0]
    assert first.start >= local("2026-12-03T12:00")
    assert free_windows(asked("2026-12-02T10:00", "2026-12-02T12:00"), NOBODY_ELSE)[0].start < first.start


def once(kind, first, last):
    return {"name": "Quiet", "kind": kind, "from": first, "to": last}


def again(every, *days, kind="soft"):
    return {"name": "Quiet", "kind": kind, "every": every, "days": list(days)}


@pytest.mark.parametrize(
    ("freeze", "start", "end", "says"),
    [
        # a freeze in the future does not block today (OctopusDeploy/Issues#9621), nor does one that is over
        (once("hard", "2026-12-18", "2027-01-04"), "2026-12-17T10:00", "2026-12-17T12:00", []),
        (once("hard", "2026-12-18", "2027-01-04"), "2027-01-05T00:00", "2027-01-05T12:00", []),
        (once("hard", "2026-11-01", "2026-11-20"), "2026-11-27T10:00", "2026-11-27T12:00", []),
        # both days included, and across the year
        (once("hard", "2026-12-18", "2027-01-04"), "2026-12-18T00:00", "2026-12-18T01:00", [Weight.HARD]),
        (once("hard", "2026-12-18", "2027-01-04"), "2027-01-04T23:00", "2027-01-04T23:30", [Weight.HARD]),
        (once("soft", "2026-12-18", "2027-01-04"), "2026-12-31T23:00", "2027-01-01T02:00", [Weight.SOFT]),
        # a window that ends at midnight does not touch the day after; one that ends later does
        (once("hard", "2026-12-18", "2027-01-04"), "2026-12-17T22:00", "2026-12-18T00:00", []),
        (once("hard", "2026-12-18", "2027-01-04"), "2026-12-17T22:00", "2026-12-18T00:01", [Weight.HARD]),
        # a window around a whole freeze
        (once("hard", "2026-12-18", "2026-12-18"), "2026-12-17T10:00", "2026-12-19T10:00", [Weight.HARD]),
        # days of the month that not every month has
        (again("month", 28, 29, 30, 31), "2027-02-27T10:00", "2027-02-27T12:00", []),
        (again("month", 28, 29, 30, 31), "2027-02-28T10:00", "2027-02-28T12:00", [Weight.SOFT]),
        (again("month", 28, 29, 30, 31), "2027-03-01T10:00", "2027-03-01T12:00", []),
        (again("month", 29), "2027-02-28T10:00", "2027-03-01T12:00", []),
        (again("month", 29), "2028-02-29T10:00", "2028-02-29T12:00", [Weight.SOFT]),
        (again("month", 31), "2026-11-30T10:00", "2026-12-01T10:00", []),
        (again("month", 1), "2026-12-31T20:00", "2027-01-01T00:30", [Weight.SOFT]),
        # weekdays, also across a weekend
        (again("week", "fri", kind="hard"), "2026-12-04T10:00", "2026-12-04T11:00", [Weight.HARD]),
        (again("week", "sat", "sun"), "2026-12-04T23:00", "2026-12-07T01:00", [Weight.SOFT]),
        (again("week", "sat", "sun"), "2026-12-07T00:00", "2026-12-07T01:00", []),
        # days of the year, the leap day among them
        (again("year", "12-24", "12-25"), "2026-12-24T10:00", "2026-12-24T11:00", [Weight.SOFT]),
        (again("year", "12-24", "12-25"), "2027-12-25T10:00", "2027-12-25T11:00", [Weight.SOFT]),
        (again("year", "02-29"), "2027-02-28T10:00", "2027-03-01T11:00", []),
        (again("year", "02-29"), "2028-02-28T10:00", "2028-03-01T11:00", [Weight.SOFT]),
        # the day on which the clocks change is as long as it is
        (again("week", "sun"), "2027-03-28T23:59", "2027-03-29T00:00", [Weight.SOFT]),
        (again("week", "mon"), "2027-03-28T23:30", "2027-03-29T00:00", []),
    ],
)
def test_a_freeze_holds_on_its_days_and_on_no_others(freeze, start, end, says):
    found = freezes(asked(start, end, policy={"freezes": [freeze]}), NOBODY_ELSE)
    assert kinds(found) == says


def test_a_freeze_is_counted_on_the_services_calendar():
    policy = {"freezes": [once("hard", "2026-12-18", "2027-01-04")]}
    late = {"start": local("2026-12-17T23:30"), "end": local("2026-12-17T23:45")}
    assert kinds(freezes(asked("2026-12-17T10:00", policy=policy, **late), NOBODY_ELSE)) == []
    tokyo = asked("2026-12-17T10:00", policy=policy, zone="Asia/Tokyo", **late)
    assert kinds(freezes(tokyo, NOBODY_ELSE)) == [Weight.HARD]


def test_freezes_that_hold_at_once_are_all_named_and_the_hardest_weighs():
    policy = {
        "freezes": [
            {"name": "Month close", "kind": "soft", "every": "month", "days": [28, 29]},
            {"name": "Year end", "kind": "hard", "from": "2026-12-18", "to": "2027-01-04"},
            {"name": "Elsewhere", "kind": "hard", "from": "2027-05-01", "to": "2027-05-02"},
        ]
    }
    found = merged(freezes(asked("2026-12-28T10:00", "2026-12-28T12:00", policy=policy), NOBODY_ELSE))
    assert kinds(found) == [Weight.HARD, Weight.SOFT]
    assert [name in one.sentence for one, name in zip(found, ("Year end", "Month close"), strict=True)] == [
        True
    ] * 2
    assert list(by_field(found)) == ["window_start"]


def test_one_freeze_that_stands_twice_weighs_as_the_harder_one():
    twice = [once("soft", "2026-12-18", "2027-01-04"), once("hard", "2026-12-20", "2026-12-22")]
    found = merged(freezes(asked("2026-12-21T10:00", policy={"freezes": twice}), NOBODY_ELSE))
    assert kinds(found) == [Weight.HARD]


def test_next_months_freeze_is_another_one_and_the_next_day_of_the_same_is_not():
    def key(start: str) -> str:
        return freezes(asked(start, policy={"freezes": [again("month", 28, 29)]}), NOBODY_ELSE)[0].key

    assert key("2026-12-28T10:00") == key("2026-12-29T10:00") != key("2027-01-28T10:00")


def test_a_freeze_of_one_service_leaves_the_others_alone():
    facts = asked("2026-12-28T10:00", "2026-12-28T12:00")
    web = PolicyFacts(
        catalog=facts.catalog,
        service=facts.catalog.by_key["WEB"],
        requester="U0ANN",
        requested_at=MORNING,
        type="minor",
        start=facts.start,
        end=facts.end,
    )
    two = Surroundings(holders={"release_manager": frozenset(("U0RITA", "U0SAM"))})
    assert kinds(judge(web, two)) == []


def planned(identifier: str, start: str, hours: float = 2, service: str = "PAY") -> Planned:
    begin = local(start)
    return Planned(hash(identifier), identifier, service, begin, begin + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("start", "others", "says"),
    [
        ("2026-12-09T10:00", [], []),
        ("2026-12-09T10:00", ["2026-11-10T10:00"], [Weight.SOFT]),
        ("2026-12-10T10:00", ["2026-11-10T10:00"], []),
        ("2026-12-09T10:00", ["2027-01-07T10:00"], [Weight.SOFT]),
        ("2026-12-09T10:00", ["2027-01-08T10:00"], []),
        ("2027-03-31T10:00", ["2027-03-01T10:00"], []),
        ("2027-03-31T09:59", ["2027-03-01T10:00"], [Weight.SOFT]),
    ],
)
def test_a_type_happens_only_so_often_in_any_stretch_of_that_length(start, others, says):
    alike = tuple(planned(f"PAY-{number}", other) for number, other in enumerate(others))
    found = frequency(asked(start, type="major"), Surroundings(alike=alike))
    assert kinds(found) == says
    assert all(one.field == "type" for one in found)


def test_a_stretch_counts_what_comes_before_and_after_together():
    types = {"minor": {"approvals": {"owner": 1}, "at_most": {"count": 2, "every": "7d"}}}
    around = Surroundings(alike=(planned("PAY-1", "2026-12-07T10:00"), planned("PAY-2", "2026-12-11T10:00")))
    middle, later = (asked(start, policy={"types": types}) for start in ("2026-12-09T10:00", "2026-12-15T10:00"))
    (found,) = frequency(middle, around)
    assert found.weight == Weight.SOFT
    assert "PAY-1 on Mon 7 Dec 2026 and PAY-2 on Fri 11 Dec 2026" in found.sentence
    assert kinds(frequency(later, around)) == []


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2026-12-03T12:00", "2026-12-03T13:00", []),
        ("2026-12-03T11:59", "2026-12-03T13:00", ["PAY-1"]),
        ("2026-12-03T09:00", "2026-12-03T10:00", []),
        ("2026-12-03T09:00", "2026-12-03T15:00", ["PAY-1", "WEB-1"]),
    ],
)
def test_windows_that_overlap_collide_and_those_that_touch_do_not(start, end, says):
    around = Surroundings(
        planned=(planned("PAY-1", "2026-12-03T10:00"), planned("WEB-1", "2026-12-03T14:00", service="WEB")),
        holders=HELD,
    )
    found = [one for one in judge(asked(start, end), around) if one.weight == Weight.SOFT]
    assert [one.key for one in found] == says


def test_a_dependent_service_that_is_frozen_is_named():
    facts = asked("2026-12-03T10:00", "2026-12-03T12:00")
    sale = {"name": "Sale", "kind": "hard", "from": "2026-12-01", "to": "2026-12-06"}
    document = example_document()
    document["services"][1]["policy"]["freezes"] = [sale]
    web = Catalog.model_validate(document).by_key["WEB"]
    found = [one for one in judge(facts, Surroundings(dependants=(web,), holders=HELD)) if one.weight > Weight.INFO]
    assert [(one.weight, one.rule, one.key) for one in found] == [(Weight.SOFT, "dependencies", "WEB Sale")]
    assert "Web shop needs Payments" in found[0].sentence


def test_a_role_that_nobody_holds_and_a_quorum_out_of_reach_are_said():
    facts = asked("2026-12-03T10:00")
    empty = Surroundings(holders={**HELD, "els_lead": frozenset()})
    assert [(one.weight, one.key) for one in people(facts, empty)] == [(Weight.SOFT, "els_lead")]
    alone = Surroundings(holders={**HELD, "owner": frozenset(("U0ANN",))})
    assert [(one.weight, one.key) for one in people(facts, alone)] == [(Weight.SOFT, "quorum")]
    unread = Surroundings(holders={**HELD, "owner": frozenset(("S0OWNERS",))})
    assert kinds(people(facts, unread)) == []
    assert kinds(people(facts, NOBODY_ELSE)) == []


@pytest.mark.parametrize(("changes", "field"), [({"type": "huge"}, "type"), ({"method": "by hand"}, "method")])
def test_types_and_methods_are_those_of_the_service(changes, field):
    found = judge(asked("2026-12-03T10:00", "2026-12-03T12:00", **changes), NOBODY_ELSE)
    assert list(by_field(found)) == [field]


def test_the_documents_of_a_type_are_named_for_information():
    found = judge(asked("2026-12-09T10:00", type="major"), NOBODY_ELSE)
    assert [one.sentence for one in found if one.weight == Weight.INFO] == [
        "Documents that a major release needs: release notes, training material and support documentation."
    ]


def test_of_what_is_not_chosen_yet_nothing_is_said():
    assert judge(asked("2026-12-03T10:00", type="", method="", start=None), NOBODY_ELSE) == []


def proposed(facts: PolicyFacts, *others: Planned) -> list[str]:
    return [one.words for one in free_windows(facts, Surroundings(planned=others, holders=HELD))]


def test_free_windows_keep_notice_windows_freezes_and_out_of_each_others_way():
    assert proposed(asked("2026-11-24T11:00", "2026-11-24T13:00")) == [
        "Tue 1 Dec 2026 09:00-11:00 UTC+1",
        "Wed 2 Dec 2026 09:00-11:00 UTC+1",
        "Thu 3 Dec 2026 09:00-11:00 UTC+1",
    ]
    busy = (planned("PAY-1", "2026-12-01T08:00", 10), planned("PAY-2", "2026-12-02T09:00", 3))
    assert proposed(asked("2026-11-24T11:00", "2026-11-24T13:00"), *busy)[:2] == [
        "Wed 2 Dec 2026 12:00-14:00 UTC+1",
        "Thu 3 Dec 2026 09:00-11:00 UTC+1",
    ]
    assert proposed(asked("2026-12-18T10:00", "2026-12-18T12:00"))[0] == "Tue 5 Jan 2027 09:00-11:00 UTC+1"


def test_a_window_longer_than_any_that_opens_has_no_free_one():
    assert proposed(asked("2026-12-01T09:00", "2026-12-01T20:00")) == []


def test_without_windows_the_time_asked_for_is_proposed_on_the_next_days():
    policy = {"windows": [], "freezes": [again("week", "sat", "sun")]}
    found = proposed(asked("2026-12-04T13:00", "2026-12-04T14:00", policy=policy))
    assert found == [
        "Fri 4 Dec 2026 13:00-14:00 UTC+1",
        "Mon 7 Dec 2026 13:00-14:00 UTC+1",
        "Tue 8 Dec 2026 13:00-14:00 UTC+1",
    ]


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Amsterdam", "Wed 1 Jul 2026 02:00 UTC+2"),
        ("Asia/Kathmandu", "Wed 1 Jul 2026 05:45 UTC+5:45"),
        ("America/St_Johns", "Tue 30 Jun 2026 21:30 UTC-2:30"),
        ("UTC", "Wed 1 Jul 2026 00:00 UTC"),
    ],
)
def test_a_moment_is_said_with_the_offset_of_the_zone(zone, said):
    assert say_moment(datetime(2026, 7, 1, tzinfo=UTC), ZoneInfo(zone)) == said


def test_a_window_over_the_change_of_the_clocks_says_both_offsets():
    zone = ZoneInfo("Europe/Amsterdam")
    said = say_window(local("2027-03-28T01:00"), local("2027-03-28T05:00"), zone)
    assert said == "Sun 28 Mar 2027 01:00 UTC+1 - Sun 28 Mar 2027 05:00 UTC+2"


THERE = {"pay-api": PresentItem("9.1.0", {"pay-db": ">=14,<16"}), "pay-db": PresentItem("15.4")}


@pytest.mark.parametrize(
    ("items", "brought", "says"),
    [
        ([], [PlannedItem("pay-db", "16", "PAY-1")], []),
        ([("pay-api", "9.2.0")], [], []),
        ([("pay-db", "16.1")], [], ["pay-api 9.1.0 needs pay-db >=14,<16; this package brings 16.1."]),
        (
            [("pay-api", "9.2.0")],
            [PlannedItem("pay-db", "16", "PAY-1")],
            ["pay-api 9.2.0 needs pay-db >=14,<16; it is 16 from PAY-1."],
        ),
        ([("pay-api", "9.2.0"), ("pay-db", "15.9")], [PlannedItem("pay-db", "16", "PAY-1")], []),
    ],
)
def test_what_a_release_brings_has_to_fit_what_will_be_there(items, brought, says):
    nodes = tuple(Node(key, NodeType.ITEM, key, version=version) for key, version in items)
    around = Surroundings(holders=HELD, present=THERE, brought=tuple(brought))
    found = [
        one for one in compatibility(asked("2026-12-02T10:00", items=nodes), around) if one.weight > Weight.INFO
    ]
    assert [one.sentence for one in found] == says
    assert {(one.weight, one.key) for one in found} <= {(Weight.SOFT, "pay-api pay-db")}


def test_a_package_whose_versions_fit_is_said_to():
    nodes = (Node("pay-api", NodeType.ITEM, "pay-api", version="9.2.0"),)
    findings = judge(asked("2026-12-02T10:00", items=nodes), Surroundings(holders=HELD, present=THERE))
    assert [one.weight for one in findings if one.rule == "compatibility"] == [Weight.OK]

"""Messages of figures, with and without charts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from messages.kit.blocks import Block, Message
from messages.kit.charts import Chart, data_table, native_chart, text_cell, text_chart
from messages.kpi import digest
from messages.kpi.figures import answer, figure_lines, services_words, why
from models.kpi.buckets import buckets
from models.kpi.digests import DigestRecord
from models.kpi.figures import Compared, Figures, Overrides, Ratio, Series, Unresolved
from models.kpi.later_approvals import EmergencyToApprove
from models.kpi.outlook import (
    KnownErrorWithoutWorkaround,
    Outlook,
    OverdueMilestone,
    ReleaseGoingOut,
    TroubledWindow,
    UndecidedRelease,
    WaitingHandover,
)
from models.kpi.periods import Period, parse_period
from models.lifecycle.window_state import WindowState
from tests.conftest import MORNING
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

ZONE = ZoneInfo("Europe/Amsterdam")


def series_of(period: Period, *, empty: bool = False) -> Series:
    cut = buckets(period)
    count = len(cut.each)
    some = tuple(0 if empty else index * 3 % 7 for index in range(count))
    few = tuple(0 if empty else index % 2 for index in range(count))
    return Series(buckets=cut, deployments=some, backed_out=few, linked=few, unlinked=some)


def figures_of(text: str = "30d") -> Figures:
    period = parse_period(text, MORNING, ZONE)
    return Figures(
        period=period,
        keys=("PAY", "WEB"),
        services=("Payments", "Web shop"),
        adoption=Compared(Ratio(25, 26), Ratio(23, 25)),
        known_errors=Compared(Unresolved(7, 2), Unresolved(8, 3)),
        incidents=Compared(Ratio(22, 36), Ratio(26, 50)),
        series=series_of(period),
    )


FIGURES = figures_of()

NOTHING = replace(
    FIGURES,
    adoption=Compared(Ratio(0, 0), Ratio(0, 0)),
    known_errors=Compared(Unresolved(0, 0), Unresolved(0, 0)),
    incidents=Compared(Ratio(0, 0), Ratio(1, 2)),
    series=series_of(FIGURES.period, empty=True),
)

OUTLOOK = Outlook(
    at=MORNING,
    going_out=(
        ReleaseGoingOut(
            identifier="PAY-2026.014",
            title="Card payments 9.2",
            service_name="Payments",
            type="minor",
            state="approved",
            window_start=datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
            window_end=datetime(2026, 11, 26, 11, 0, tzinfo=UTC),
            conflicts=("WEB-1",),
        ),
    ),
    undecided=(
        UndecidedRelease(
            "PAY-2026.015", "Refunds", MORNING - timedelta(days=2), (("owner", ("Olga",)), ("test manager", ()))
        ),
        UndecidedRelease("PAY-2026.016", "Logo", MORNING - timedelta(hours=2), ()),
    ),
    overdue=(OverdueMilestone("PAY-2026.011", "Train first line", MORNING - timedelta(days=1), ("Kim", "Rita")),),
    without_workaround=(
        KnownErrorWithoutWorkaround("KE-12", "Refund shows twice", "Payments", 9),
        KnownErrorWithoutWorkaround("KE-13", "Slow", "", 1),
    ),
    without_workaround_count=2,
    handovers=(WaitingHandover("PAY-2026.010", "Ledger 4", MORNING - timedelta(hours=3), ("Omar",)),),
)

QUIET = Outlook(
    at=MORNING, going_out=(), undecided=(), overdue=(), without_workaround=(), without_workaround_count=0
)

DIGEST = DigestRecord(key="C0MGMT", day=date(2026, 11, 24), figures=FIGURES, outlook=OUTLOOK)


def read(blocks: list[Block]) -> list[str]:
    """The words of ``blocks``, a line for each paragraph, bullet or row; charts and buttons by name."""
    return [line for block in blocks for line in _LINES[block["type"]](block)]


def _words(node: Any) -> str:
    match node:
        case {"type": "date", "fallback": fallback}:
            return f"<{fallback}>"
        case {"type": "emoji", "name": name}:
            return f":{name}:"
        case {"elements": [*elements]}:
            return "".join(_words(one) for one in elements)
        case {"text": str(text)}:
            return text
    raise AssertionError(node)


def _rich(block: Block) -> list[str]:
    found = []
    for part in block["elements"]:
        found += (
            [f"- {_words(one)}" for one in part["elements"]] if part["type"] == "rich_text_list" else [_words(part)]
        )
    return found


_LINES: dict[str, Callable[[Block], list[str]]] = {
    "section": lambda block: block["text"]["text"].splitlines(),
    "context": lambda block: [one["text"] for one in block["elements"]],
    "rich_text": _rich,
    "actions": lambda block: [f"[{one['text']['text']}]" for one in block["elements"]],
    "data_visualization": lambda block: [f"({block['chart']['type']} chart: {block['title']})"],
    "data_table": lambda block: [" | ".join(_words(cell) for cell in row) for row in block["rows"]],
}


def test_the_digest_reads_as_it_was_drawn() -> None:
    assert read(digest.render(DIGEST).blocks) == [
        "*Releases - Tue 24 Nov* - Payments, Web shop - last 30 days",
        "Adoption *96 %* (25 of 26) up 4 - Unresolved known errors *7* (2 without workaround) down 1 - "
        "Incidents linked *61 %* (22 of 36) up 9",
        "(line chart: Deployments by week)",
        "(bar chart: Incidents by week)",
        "*Going out in the next 7 days*",
        "When | Release | Service | State | Conflict",
        "<2026-11-26 09:00 UTC> - <2026-11-26 11:00 UTC> | PAY-2026.014 Card payments 9.2 | Payments | "
        ":large_green_circle: Approved | with WEB-1",
        "*Needs somebody*: 2 approvals waiting (1 longer than a day) - 1 milestone overdue - "
        "1 handover waiting - 2 known errors without a workaround",
        "- PAY-2026.015 Refunds waits for owner (Olga), test manager since <2026-11-22 09:00 UTC>",
        "- PAY-2026.016 Logo waits for a decision that the catalog gives to nobody since <2026-11-24 07:00 UTC>",
        "- PAY-2026.011 Train first line is overdue for Kim or Rita since <2026-11-23 09:00 UTC>",
        "- PAY-2026.010 Ledger 4 waits for Omar to accept its handover since <2026-11-24 06:00 UTC>",
        "- KE-12 Refund shows twice - Payments - no workaround - 9 incidents",
        "- KE-13 Slow - no workaround - 1 incident",
        "[Why these figures]",
        "[Full schedule]",
    ]


def test_its_text_alone_tells_the_news() -> None:
    assert digest.render(DIGEST).text == (
        "Releases - Tue 24 Nov - Payments, Web shop - last 30 days: Adoption 96 % (25 of 26) up 4 - "
        "Unresolved known errors 7 (2 without workaround) down 1 - Incidents linked 61 % (22 of 36) up 9. "
        "1 release going out in the next 7 days, 2 approvals waiting, 1 milestone overdue."
    )


def test_where_charts_are_refused_the_same_figures_are_text() -> None:
    found = read(digest.render_plain(DIGEST).blocks)

    assert found[2:7] == [
        "Deployments by week",
        "        Deployments  Backed out\n"
        "25 Oct            0           0\n"
        "26 Oct            3           1  ██████████\n"
        "2 Nov             6           0  ████████████████████\n"
        "9 Nov             2           1  ███████\n"
        "16 Nov            5           0  █████████████████\n"
        "23 Nov            1           1  ████",
        "Incidents by week",
        "        Linked  Unlinked\n"
        "25 Oct       0         0\n"
        "26 Oct       1         3  ██████████████\n"
        "2 Nov        0         6  ████████████████████\n"
        "9 Nov        1         2  ██████████\n"
        "16 Nov       0         5  █████████████████\n"
        "23 Nov       1         1  ███████",
        "*Going out in the next 7 days*",
    ]
    assert found[7] == (
        "- :large_green_circle: PAY-2026.014 Card payments 9.2 - Payments - minor - approved - "
        "<2026-11-26 09:00 UTC> - <2026-11-26 11:00 UTC> - conflicts with WEB-1"
    )
    kinds = {block["type"] for block in digest.render_plain(DIGEST).blocks}
    assert kinds.isdisjoint({"data_table", "data_visualization"})


def test_a_freeze_is_marked_beside_the_conflicts_the_hard_ones_first() -> None:
    release = replace(OUTLOOK.going_out[0], freezes=(("Month close", "soft"), ("Year end", "hard")))
    marked = replace(DIGEST, outlook=replace(OUTLOOK, going_out=(release,)))
    marks = "hard freeze Year end; soft freeze Month close"

    assert f"conflicts with WEB-1; {marks}" in "\n".join(read(digest.render_plain(marked).blocks))
    assert f"with WEB-1; {marks}" in str(digest.render(marked).blocks)
    assert f"conflicts with WEB-1; {marks}" in "\n".join(read(digest.full_schedule(marked.outlook)["blocks"]))


def test_missed_and_overrun_windows_stand_first_and_overrides_are_counted() -> None:
    ended = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    windows = (
        TroubledWindow("PAY-2026.017", "Ledger 5", WindowState.OVERRUNNING, ended, ("Dana",)),
        TroubledWindow("PAY-2026.018", "Search", WindowState.MISSED, ended, ("Ann", "Rita")),
    )
    figures = replace(FIGURES, overrides=Compared(Overrides(3, 1), Overrides(1, 0)))
    found = read(digest.render(replace(DIGEST, figures=figures, outlook=replace(OUTLOOK, windows=windows))).blocks)

    assert found[1].endswith("- Overrides *3* (1 with broken glass) up 2")
    needs = next(index for index, line in enumerate(found) if line.startswith("*Needs somebody*"))
    assert found[needs].startswith("*Needs somebody*: 1 deployment overrunning - 1 window missed - 2 approvals")
    assert found[needs + 1 : needs + 3] == [
        "- :rotating_light: overrunning PAY-2026.017 Ledger 5 is still being deployed by Dana; its window ended "
        "<2026-11-24 08:00 UTC>",
        "- :rotating_light: missed its window PAY-2026.018 Search waits for a new one by Ann or Rita; its window "
        "ended <2026-11-24 08:00 UTC>",
    ]


def test_an_empty_digest_says_how_to_fill_it() -> None:
    found = read(digest.render(replace(DIGEST, figures=NOTHING, outlook=QUIET)).blocks)

    assert found[1:] == [
        "Adoption *no data* (no deployments) no data before - Unresolved known errors *0* (0 without workaround) "
        "unchanged - Incidents linked *no data* (no incidents) was 50 %",
        "*Going out in the next 7 days*: nothing is planned. `/release request` puts a release here.",
        "*Needs somebody*: nothing. No window was missed, no approval and no handover waits, no milestone is "
        "overdue, and every known error has a workaround.",
        "[Why these figures]",
        "[Full schedule]",
    ]


def test_the_answer_has_a_line_for_each_figure_and_says_its_period() -> None:
    found = answer(FIGURES, MORNING, native=True)

    assert read(found.blocks) == [
        "*Figures - Payments, Web shop - last 30 days*",
        "Adoption *96 %* (25 of 26) up 4",
        "Unresolved known errors *7* (2 without workaround) down 1",
        "Incidents linked *61 %* (22 of 36) up 9",
        "25 Oct 2026 to 24 Nov 2026 (Europe/Amsterdam), compared with the 30 days before.",
        "(line chart: Deployments by week)",
        "(bar chart: Incidents by week)",
        "[Why these figures]",
    ]
    assert found.text == (
        "Figures - Payments, Web shop - last 30 days: Adoption 96 % (25 of 26) up 4 - Unresolved known errors 7 "
        "(2 without workaround) down 1 - Incidents linked 61 % (22 of 36) up 9"
    )


def test_why_gives_for_each_figure_its_cases_now_and_before_and_the_period() -> None:
    text = "\n".join(read(why(FIGURES)["blocks"]))

    for said in (
        "*Payments, Web shop, last 30 days*: 25 Oct 2026 to 24 Nov 2026 on the calendar of Europe/Amsterdam.",
        "compared with the 30 days before",
        "*Adoption 96 %* (25 of 26), before: 92 % (23 of 25).",
        "*Unresolved known errors 7* (2 without workaround), before: 8 (3 without workaround).",
        "*Incidents linked 61 %* (22 of 36), before: 52 % (26 of 50).",
        "*Charts* count by week, from Monday",
    ):
        assert said in text


def test_the_full_schedule_lists_what_is_planned_and_what_waits() -> None:
    found = read(digest.full_schedule(OUTLOOK)["blocks"])

    assert found[0] == "*Planned*: 1 release by window"
    assert found[1].startswith("- :large_green_circle: PAY-2026.014 Card payments 9.2 - Payments - minor")
    assert found[2].startswith("*Needs somebody*: 2 approvals waiting")
    assert read(digest.full_schedule(QUIET)["blocks"])[0].startswith("*Planned*: nothing.")


def crowded(typed: str) -> DigestRecord:
    """As much of everything as possible, with hostile texts."""
    release = replace(OUTLOOK.going_out[0], title=typed[:150], service_name=typed[:75], conflicts=("PAY-1",) * 30)
    release = replace(release, freezes=((typed[:75], "soft"),) * 9)
    outlook = replace(
        OUTLOOK,
        going_out=(release,) * 500,
        undecided=(UndecidedRelease("PAY-1", typed[:150], MORNING, (("owner", (typed[:80],) * 9),) * 4),) * 500,
        overdue=(OverdueMilestone("PAY-1", typed[:150], MORNING, (typed[:80],) * 9),) * 500,
        without_workaround=(KnownErrorWithoutWorkaround("KE-1", typed, typed[:75], 10**6),) * 5,
        without_workaround_count=10**6,
        handovers=(WaitingHandover("PAY-1", typed[:150], MORNING, (typed[:80],) * 9),) * 500,
        later_approvals=(EmergencyToApprove("PAY-1", typed[:150], MORNING, (("owner", (typed[:80],) * 9),) * 4),)
        * 100,
    )
    figures = replace(figures_of("12w"), services=(typed[:75],) * 40, keys=())
    return DigestRecord("C0MGMT#12", date(2026, 11, 24), figures, outlook)


@pytest.mark.parametrize("typed", [HOSTILE, LONG, "x" * 10_000, "\u202e" * 200, "&" * 500, "<" * 500])
def test_whatever_people_typed_and_however_much_it_stays_valid_and_harmless(typed: str) -> None:
    record = crowded(typed)
    views = [why(record.figures), digest.full_schedule(record.outlook)]
    messages = [
        digest.render(record),
        digest.render_plain(record),
        answer(record.figures, MORNING, native=True),
        answer(record.figures, MORNING, native=False),
    ]

    for message in messages:
        assert_valid_message(message)
        assert active_markup(message) == []
    for view in views:
        assert_valid_view(view)
        assert active_markup(view) == []


def test_what_is_left_out_of_a_digest_is_counted() -> None:
    found = read(digest.render(crowded("Plain")).blocks)

    assert "*Going out in the next 7 days* - the first 20 of 500; *Full schedule* has them all" in found
    assert [line for line in found if line.startswith("- and ")] == [
        "- and 497 more approvals",
        "- and 97 more emergencies",
        "- and 497 more milestones",
        "- and 497 more handovers",
        "- and 999997 more known errors",
    ]
    assert "with PAY-1, PAY-1, PAY-1 and 27 more" in "\n".join(found)


@pytest.mark.parametrize("text", ["7d", "12h", "30d", "12w", "month", "quarter", "year", "2016-03-01", "520w"])
@pytest.mark.parametrize("native", [True, False])
def test_every_period_makes_a_valid_answer(text: str, native: bool) -> None:
    assert_valid_message(answer(figures_of(text), MORNING, native=native))


@pytest.mark.parametrize(
    ("now", "before", "line"),
    [
        (Ratio(1, 2), Ratio(1, 2), "Adoption 50 % (1 of 2) unchanged"),
        (Ratio(0, 3), Ratio(1, 2), "Adoption 0 % (0 of 3) down 50"),
        (Ratio(1, 2), Ratio(0, 0), "Adoption 50 % (1 of 2) no data before"),
        (Ratio(0, 0), Ratio(1, 2), "Adoption no data (no deployments) was 50 %"),
    ],
)
def test_a_ratio_over_nothing_is_no_data(now: Ratio, before: Ratio, line: str) -> None:
    assert figure_lines(replace(FIGURES, adoption=Compared(now, before)), bold=False)[0] == line


def test_a_heading_names_few_services_and_counts_the_others() -> None:
    assert services_words(()) == "all services"
    assert services_words(("A", "B", "C", "D", "E", "F", "G")) == "A, B, C, D, E and 2 more"


def test_labels_that_cutting_makes_alike_are_kept_apart() -> None:
    chart = Chart(
        "bar", "T" * 80, tuple(f"{'x' * 25}{n}" for n in range(30)), tuple(("y" * 30, (1,) * 30) for _ in range(9))
    )

    assert_valid_message(Message("chart", [native_chart(chart), text_chart(chart)]))


def test_a_table_keeps_to_slacks_rows() -> None:
    rows = [[text_cell(""), text_cell("\x00")]] * 300

    assert_valid_message(Message("table", [data_table("Many", ("A", "B"), rows, page_size=10, names_row=0)]))

"""Tables and charts can be read by eye and by screen reader."""

import re
from typing import Any

import pytest

from bot.workspace.page.rendering.blocks import block
from bot.workspace.page.rendering.numbers import axis_steps, written_number
from bot.workspace.page.rendering.reader import Reader
from tests.workspace.page.conftest import surface

Json = dict[str, Any]


def text_cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def number_cell(value: float, **more: Any) -> Json:
    return {"type": "raw_number", "value": value, **more}


def data_table(count: int, **more: Any) -> Json:
    rows = [[text_cell("Name"), text_cell("Cases")]]
    rows += [[text_cell(f"row {number}"), number_cell(number, text=f"{number} cases")] for number in range(count)]
    return {"type": "data_table", "block_id": "t", "caption": "All <of> them", "rows": rows, **more}


def series(name: str, values: list[float]) -> Json:
    return {"name": name, "data": [{"label": f"W{number}", "value": value} for number, value in enumerate(values)]}


def chart(kind: str, *given: Json, categories: int = 3) -> Json:
    axis = {"categories": [f"W{number}" for number in range(categories)]}
    return {
        "type": "data_visualization",
        "block_id": "c",
        "title": "Cases",
        "chart": {"type": kind, "series": list(given), "axis_config": axis},
    }


def test_a_data_table_shows_its_first_page_and_says_how_many_rows_there_are(reader: Reader) -> None:
    html = block(data_table(12), surface(), reader)
    assert html.count("<tr hidden>") == 7, "five rows a page unless the app says otherwise"
    assert "1–5 of 12" in html
    assert '<caption dir="auto">All &lt;of&gt; them</caption>' in html
    assert 'data-page-size="20"' in block(data_table(12, page_size=20), surface(), reader)
    assert "pager" not in block(data_table(12, page_size=20), surface(), reader)


def test_numbers_in_a_table_are_aligned_and_keep_their_value_for_sorting(reader: Reader) -> None:
    html = block(data_table(2), surface(), reader)
    assert '<td class="align-right" data-value="1">1 cases</td>' in html
    assert '<th scope="row" dir="auto">row 1</th>' in html
    assert html.count('aria-sort="none"') == 2


def test_a_plain_table_follows_its_column_settings(reader: Reader) -> None:
    given = {
        "type": "table",
        "block_id": "t",
        "rows": [[text_cell("A"), text_cell("B")], [text_cell("<x>"), number_cell(1234.5)]],
        "column_settings": [{"align": "center", "is_wrapped": False}],
    }
    html = block(given, surface(), reader)
    assert '<td class="align-center unwrapped">&lt;x&gt;</td>' in html
    assert '<td class="align-right">1,234.5</td>' in html


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
def test_a_chart_tells_all_its_figures_to_those_who_cannot_see_it(reader: Reader, kind: str) -> None:
    html = block(chart(kind, series("Linked", [1, 2, 3]), series("Open <b>", [4, 0, 6])), surface(), reader)
    assert f">{kind.capitalize()} chart: Cases</title>" in html
    assert "Linked: W0 1, W1 2, W2 3; Open &lt;b&gt;: W0 4, W1 0, W2 6</desc>" in html
    assert '<th scope="row">W2</th><td class="align-right">3</td><td class="align-right">6</td>' in html
    assert html.count("<title>") >= 6, "every mark says its value on hover"
    assert "style=" not in html


def test_a_bar_stands_on_zero_and_reaches_its_value(reader: Reader) -> None:
    html = block(chart("bar", series("x", [0, 4, -4])), surface(), reader)
    bars = [
        (float(found[1]), float(found[2]))
        for found in re.finditer(r'<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" rx="2"', html)
    ]
    (_, nothing), (top, up), (zero, down) = bars
    assert nothing < 1
    assert up == pytest.approx(down)
    assert top + up == pytest.approx(zero)


def test_a_pie_shows_each_share_and_the_whole(reader: Reader) -> None:
    segments = [{"label": "Pay", "value": 3}, {"label": "Web", "value": 1}]
    given = {
        "type": "data_visualization",
        "block_id": "c",
        "title": "T",
        "chart": {"type": "pie", "segments": segments},
    }
    html = block(given, surface(), reader)
    assert "Pay: 3 (75%); Web: 1 (25%)" in html
    assert 'class="pie-total">4</text>' in html
    assert 'stroke-dashoffset="-75.00"' in html


@pytest.mark.parametrize(
    "given",
    [
        chart("line"),
        chart("bar", series("x", []), categories=0),
        chart("area", series("x", [0, 0, 0])),
        {"type": "data_visualization", "title": "T", "chart": {"type": "pie", "segments": []}},
        {
            "type": "data_visualization",
            "title": "T",
            "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]},
        },
    ],
)
def test_a_chart_of_nothing_is_still_drawn(reader: Reader, given: Json) -> None:
    assert "<svg" in block(given, surface(), reader)


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [
        (0, 8, [0, 2, 4, 6, 8]),
        (0, 1, [0, 1]),
        (0, 0, [0, 1]),
        (-4, 4, [-4, -2, 0, 2, 4]),
        (3, 97, [0, 25, 50, 75, 100]),
        (0, 0.4, [0, 0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_an_axis_has_round_steps_with_zero_among_them(low: float, high: float, steps: list[float]) -> None:
    assert axis_steps(low, high) == steps


@pytest.mark.parametrize(("value", "shown"), [(1234567, "1,234,567"), (0.5, "0.5"), (2.0, "2"), (-1.256, "-1.26")])
def test_numbers_are_written_for_people(value: float, shown: str) -> None:
    assert written_number(value) == shown

"""Slack's own charts and tables, and the same charts as text.

Text is for workspaces that refuse the others (docs/slack-facts.md#charts-and-tables).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from messages.kit import rich, slack_limits
from messages.kit.blocks import Block, Element
from messages.kit.text import cut, plain

_LONGEST_BAR = 20
"""Characters of a bar in a text chart."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts by category; each of ``series`` is a name and one value a category."""

    kind: Literal["line", "bar"]
    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def empty(self) -> bool:
        """No category, or nothing but zeros."""
        return not any(any(values) for _, values in self.series)


def native_chart(chart: Chart) -> Block:
    """``chart`` as Slack draws it. Labels are cut, and categories and series beyond Slack's limits dropped."""
    categories = _distinct(chart.categories[: slack_limits.CHART_CATEGORIES])
    names = _distinct([name for name, _ in chart.series[: slack_limits.CHART_SERIES]])
    series = [
        {
            "name": name,
            "data": [{"label": label, "value": value} for label, value in zip(categories, values, strict=False)],
        }
        for name, (_, values) in zip(names, chart.series, strict=False)
    ]
    drawn = {"type": chart.kind, "series": series, "axis_config": {"categories": categories}}
    return {
        "type": "data_visualization",
        "title": cut(plain(chart.title), slack_limits.CHART_TITLE),
        "chart": drawn,
    }


def text_chart(chart: Chart) -> Block:
    """``chart`` as lines of text: every value as a number, and a bar.

    The series of a bar chart are parts of a whole, so its bar is their sum; a line chart's is its first series.
    """
    names = [name for name, _ in chart.series]
    lengths = [
        values[0] if chart.kind == "line" else sum(values)
        for values in zip(*(values for _, values in chart.series), strict=True)
    ]
    first = max(len(label) for label in chart.categories)
    most = max((*lengths, 1))
    lines = [_row("", names, names, first)]
    for index, label in enumerate(chart.categories):
        numbers = [str(values[index]) for _, values in chart.series]
        bar = "\u2588" * -(-lengths[index] * _LONGEST_BAR // most)
        lines.append(f"{_row(label, numbers, names, first)}  {bar}".rstrip())
    return rich.rich_text(rich.line(rich.words(chart.title, bold=True)), rich.preformatted("\n".join(lines)))


def text_cell(text: str) -> Element:
    return {"type": "raw_text", "text": plain(text) or " "}


def rich_cell(*elements: Element | str) -> Element:
    """A cell with dates or styles."""
    return rich.rich_text(rich.line(*elements))


def data_table(
    caption: str, headings: Sequence[str], rows: Sequence[Sequence[Element]], *, page_size: int, names_row: int
) -> Block:
    """A table of at least one row; ``names_row`` is the index of the column that names the row."""
    return {
        "type": "data_table",
        "caption": caption,
        "rows": [
            [text_cell(heading) for heading in headings],
            *([*row] for row in rows[: slack_limits.TABLE_ROWS]),
        ],
        "page_size": page_size,
        "row_header_column_index": names_row,
    }


def _row(label: str, cells: Sequence[str], names: Sequence[str], first: int) -> str:
    columns = (cell.rjust(len(name)) for cell, name in zip(cells, names, strict=True))
    return "  ".join((label.ljust(first), *columns))


def _distinct(labels: Sequence[str]) -> list[str]:
    """``labels`` within Slack's length, numbered where cutting made them the same."""
    longest = slack_limits.CHART_LABEL
    found: list[str] = []
    for label in labels:
        name, count = cut(plain(label), longest) or "-", 1
        while name in found:
            count += 1
            name = f"{cut(plain(label), longest - len(str(count)) - 1)} {count}"
        found.append(name)
    return found

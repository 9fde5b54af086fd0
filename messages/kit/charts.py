"""Slack's own charts and tables (SLACK, *Native charts*), and the same as text where a workspace refuses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from messages.kit import rich
from messages.kit.blocks import Block, Element
from messages.kit.text import cut, plain

LABEL = 20

CATEGORIES = 20

SERIES = 6

TITLE = 50

TABLE_ROWS = 100
"""Rows below the heading."""

BAR = 20
"""Characters of the longest bar in a text chart."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts by category: ``series`` holds for each name one value a category."""

    kind: Literal["line", "bar"]
    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def empty(self) -> bool:
        """There is nothing to draw: no category, or nothing but noughts."""
        return not any(any(values) for _, values in self.series)


def native_chart(chart: Chart) -> Block:
    """``chart`` as Slack draws it; longer labels are cut, further categories and series left out."""
    categories = _distinct(chart.categories[:CATEGORIES])
    names = _distinct([name for name, _ in chart.series[:SERIES]])
    series = [
        {
            "name": name,
            "data": [{"label": label, "value": value} for label, value in zip(categories, values, strict=False)],
        }
        for name, (_, values) in zip(names, chart.series, strict=False)
    ]
    drawn = {"type": chart.kind, "series": series, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": cut(plain(chart.title), TITLE), "chart": drawn}


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
        bar = "\u2588" * -(-lengths[index] * BAR // most)
        lines.append(f"{_row(label, numbers, names, first)}  {bar}".rstrip())
    return rich.rich_text(rich.line(rich.words(chart.title, bold=True)), _preformatted("\n".join(lines)))


def text_cell(text: str) -> Element:
    """A cell with literal text."""
    return {"type": "raw_text", "text": plain(text) or " "}


def rich_cell(*elements: Element | str) -> Element:
    """A cell with dates or styles in it."""
    return rich.rich_text(rich.line(*elements))


def data_table(
    caption: str, headings: Sequence[str], rows: Sequence[Sequence[Element]], *, page_size: int, names_row: int
) -> Block:
    """A table of at least one row; ``names_row`` is the column that says what a row is about."""
    return {
        "type": "data_table",
        "caption": caption,
        "rows": [[text_cell(heading) for heading in headings], *([*row] for row in rows[:TABLE_ROWS])],
        "page_size": page_size,
        "row_header_column_index": names_row,
    }


def _row(label: str, cells: Sequence[str], names: Sequence[str], first: int) -> str:
    columns = (cell.rjust(len(name)) for cell, name in zip(cells, names, strict=True))
    return "  ".join((label.ljust(first), *columns))


def _preformatted(text: str) -> Element:
    return {"type": "rich_text_preformatted", "elements": [rich.words(text)]}


def _distinct(labels: Sequence[str]) -> list[str]:
    """``labels`` within Slack's length, made different from each other where cutting made them the same."""
    found: list[str] = []
    for label in labels:
        name, count = cut(plain(label), LABEL) or "-", 1
        while name in found:
            count += 1
            name = f"{cut(plain(label), LABEL - len(str(count)) - 1)} {count}"
        found.append(name)
    return found

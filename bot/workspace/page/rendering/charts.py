"""Charts as SVG, with their figures as a table: lines, areas, bars and pies."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from bot.workspace.page.rendering.chart_frame import figures, legend, svg
from bot.workspace.page.rendering.html import join, tag
from bot.workspace.page.rendering.numbers import axis_steps, written_number
from bot.workspace.page.rendering.surface import Json, Surface

WIDTH, HEIGHT = 600, 260
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 26, 34
LABEL_WIDTH = 7.0
POINTS_WITH_VALUES = 14
NARROWEST_WITH_VALUE = 15.0


@dataclass(frozen=True)
class PlottedSeries:
    """``values`` are in the order of the categories."""

    name: str
    values: list[float]


@dataclass(frozen=True)
class Plot:
    """What is drawn between two axes. ``steps`` are the values marked on the vertical one."""

    categories: list[str]
    series: list[PlottedSeries]
    steps: list[float]

    def x(self, position: float) -> float:
        """The middle of a category (0 is the first)."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (position + 0.5) / max(len(self.categories), 1)

    def y(self, value: float) -> float:
        low, high = self.steps[0], self.steps[-1]
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)

    @property
    def slot(self) -> float:
        """The width of a category."""
        return (WIDTH - LEFT - RIGHT) / max(len(self.categories), 1)


def data_visualization(given: Json, surface: Surface) -> Markup:
    """With title, legend, and a table of the figures."""
    chart: Json = given.get("chart") or {}
    title = str(given.get("title", ""))
    key = surface.dom_id(str(given.get("block_id", "")), "chart")
    kind = str(chart.get("type"))
    if kind == "pie":
        body = _pie(chart, title, key)
    elif kind in MARKS:
        body = _plotted(kind, chart, title, key)
    else:
        body = tag("p", f"Unsupported chart: {kind}", class_="unsupported")
    return tag("figure", tag("figcaption", title, dir="auto"), body, class_="chart")


def _plotted(kind: str, chart: Json, title: str, key: str) -> Markup:
    plot = _plot(chart)
    axis: Json = chart.get("axis_config") or {}
    drawn = join([_grid(plot), MARKS[kind](plot), _categories(plot)])
    description = "; ".join(
        f"{one.name}: " + ", ".join(map(_pair, plot.categories, one.values)) for one in plot.series
    )
    axes = " · ".join(str(axis[name]) for name in ("x_label", "y_label") if axis.get(name))
    return join(
        [
            svg(drawn, f"{kind.capitalize()} chart: {title}", description, key, f"{WIDTH} {HEIGHT}"),
            tag("p", axes, class_="chart-axes") if axes else "",
            legend([(one.name, "") for one in plot.series]),
            figures(["", *(one.name for one in plot.series)], _rows(plot)),
        ]
    )


def _pair(category: str, value: float) -> str:
    return f"{category} {written_number(value)}"


def _rows(plot: Plot) -> list[list[str]]:
    return [
        [category, *(written_number(one.values[number]) for one in plot.series)]
        for number, category in enumerate(plot.categories)
    ]


def _plot(chart: Json) -> Plot:
    given = chart.get("series") or []
    axis: Json = chart.get("axis_config") or {}
    categories = [str(one) for one in axis.get("categories") or _labels(given)]
    series = []
    for one in given:
        points = {str(point.get("label")): float(point.get("value") or 0) for point in one.get("data", [])}
        series.append(PlottedSeries(str(one.get("name", "")), [points.get(label, 0.0) for label in categories]))
    everything = [value for one in series for value in one.values] or [0.0]
    return Plot(categories, series, axis_steps(min(everything), max(everything)))


def _labels(given: list[Json]) -> list[str]:
    return list(dict.fromkeys(str(point.get("label")) for one in given for point in one.get("data", [])))


def _grid(plot: Plot) -> Markup:
    parts: list[Markup] = []
    for step in plot.steps:
        y = round(plot.y(step), 1)
        parts.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="axis" if step == 0 else "grid"))
        parts.append(tag("text", written_number(step), x=LEFT - 8, y=y + 4, text_anchor="end"))
    return join(parts)


def _categories(plot: Plot) -> Markup:
    """As many labels as fit below the axis."""
    longest = max((min(len(one), 12) for one in plot.categories), default=1) * LABEL_WIDTH + 10
    every = max(1, math.ceil(longest / plot.slot))
    return join(
        tag(
            "text",
            one if len(one) <= 12 else one[:11] + "…",
            tag("title", one),
            x=round(plot.x(number), 1),
            y=HEIGHT - BOTTOM + 20,
            text_anchor="middle",
        )
        for number, one in enumerate(plot.categories)
        if number % every == 0
    )


def _bars(plot: Plot) -> Markup:
    count = max(len(plot.series), 1)
    width = min(plot.slot * 0.72 / count, 46)
    labelled = width >= NARROWEST_WITH_VALUE
    parts: list[Markup] = []
    for place, one in enumerate(plot.series):
        for number, value in enumerate(one.values):
            x = plot.x(number) + (place - count / 2) * width
            top, base = sorted((plot.y(value), plot.y(0)))
            named = f"{one.name}, {_pair(plot.categories[number], value)}"
            parts.append(
                tag(
                    "rect",
                    tag("title", named),
                    x=round(x + 1, 1),
                    y=round(top, 1),
                    width=round(max(width - 2, 1), 1),
                    height=round(max(base - top, 0.5), 1),
                    rx=2,
                    class_=f"mark fill-{place}",
                )
            )
            if labelled:
                parts.append(_value(x + width / 2, top - 5, value))
    return join(parts)


def _value(x: float, y: float, value: float) -> Markup:
    return tag("text", written_number(value), x=round(x, 1), y=round(y, 1), text_anchor="middle", class_="value")


def _lines(plot: Plot) -> Markup:
    labelled = len(plot.series) == 1 and len(plot.categories) <= POINTS_WITH_VALUES
    parts: list[Markup] = []
    for place, one in enumerate(plot.series):
        points = [(plot.x(number), plot.y(value)) for number, value in enumerate(one.values)]
        parts.append(tag("polyline", points=_points(points), class_=f"mark line-{place}"))
        for number, (x, y) in enumerate(points):
            named = f"{one.name}, {_pair(plot.categories[number], one.values[number])}"
            parts.append(
                tag(
                    "circle",
                    tag("title", named),
                    cx=round(x, 1),
                    cy=round(y, 1),
                    r=3.5,
                    class_=f"mark fill-{place}",
                )
            )
            if labelled or number == len(points) - 1:
                parts.append(_value(x, y - 9, one.values[number]))
    return join(parts)


def _areas(plot: Plot) -> Markup:
    parts: list[Markup] = []
    for place, one in enumerate(plot.series):
        points = [(plot.x(number), plot.y(value)) for number, value in enumerate(one.values)]
        if points:
            foot = plot.y(0)
            closed = [(points[0][0], foot), *points, (points[-1][0], foot)]
            parts.append(tag("polygon", points=_points(closed), class_=f"mark area fill-{place}"))
    return join([*parts, _lines(plot)])


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _pie(chart: Json, title: str, key: str) -> Markup:
    """Slices clockwise from the top, with a legend."""
    segments = [
        (str(one.get("label", "")), max(float(one.get("value") or 0), 0.0)) for one in chart.get("segments", [])
    ]
    total = sum(value for _, value in segments)
    share = [f"{value / total:.0%}" if total else "0%" for _, value in segments]
    named = [
        f"{label}: {written_number(value)} ({part})" for (label, value), part in zip(segments, share, strict=True)
    ]
    drawn = _slices([value / total if total else 0.0 for _, value in segments], named)
    middle = tag("text", written_number(total), x=100, y=106, text_anchor="middle", class_="pie-total")
    explained = [
        (label, f"{written_number(value)} · {part}") for (label, value), part in zip(segments, share, strict=True)
    ]
    return tag(
        "div",
        svg(drawn + middle, f"Pie chart: {title}", "; ".join(named), key, "200 200"),
        legend(explained),
        class_="pie",
    )


def _slices(shares: list[float], named: list[str]) -> Markup:
    """Dashes of a circle's outline, whose length counts as 100."""
    parts: list[Markup] = []
    begun = 0.0
    for place, (part, name) in enumerate(zip(shares, named, strict=True)):
        parts.append(
            tag(
                "circle",
                tag("title", name),
                cx=100,
                cy=100,
                r=70,
                pathLength=100,
                stroke_dasharray=f"{max(part * 100 - 0.6, 0):.2f} 100",
                stroke_dashoffset=f"{-begun * 100:.2f}",
                transform="rotate(-90 100 100)",
                class_=f"mark ring ring-{place}",
            )
        )
        begun += part
    return join(parts)


MARKS: dict[str, Callable[[Plot], Markup]] = {"bar": _bars, "line": _lines, "area": _areas}

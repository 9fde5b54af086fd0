"""Pie charts, as Slack draws them."""

from markupsafe import Markup

from bot.workspace.page.rendering.chart_frame import legend_of, svg
from bot.workspace.page.rendering.html import join, tag
from bot.workspace.page.rendering.numbers import written_number
from bot.workspace.page.rendering.surface import Json


def pie(chart: Json, title: str, key: str) -> Markup:
    """One pie: its slices clockwise from the top, with a legend."""
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
    legend = [
        (label, f"{written_number(value)} · {part}") for (label, value), part in zip(segments, share, strict=True)
    ]
    return tag(
        "div",
        svg(drawn + middle, f"Pie chart: {title}", "; ".join(named), key, "200 200"),
        legend_of(legend),
        class_="pie",
    )


def _slices(shares: list[float], named: list[str]) -> Markup:
    """Rings drawn as dashes of a circle's outline: the circumference is made 100 long."""
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

"""The figures: a line each, their charts, and what they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from messages.kit import sizes
from messages.kit.blocks import Block, Element, Message, View, actions, button, context, modal, section, value
from messages.kit.charts import Chart, native_chart, text_chart
from messages.kit.text import Markup, counted, cut, say
from models.kpi.figures import Compared, Figures, Overrides, Ratio, Unresolved
from models.time.days import say_date

WHY = "figures:why"
"""The button *Why these figures*; it carries their scope."""

WHY_VIEW = "figures:why_view"


@dataclass(frozen=True, slots=True)
class FigureWords:
    """``97 %``, ``29 of 30``, ``up 4``; ``before`` is the same for the period before."""

    value: str
    cases: str
    moved: str
    before: str


def answer(figures: Figures, at: datetime, *, native: bool) -> Message:
    """The answer to ``/release kpi`` at ``at``; with Slack's own charts if ``native``, else in text."""
    heading = say("kpi.figures_heading", scope=services_words(figures.services), period=figures.period.words)
    blocks = [
        section(Markup("\n".join([f"*{heading}*", *figure_lines(figures)]))),
        context(say("kpi.figures_period", **_period(figures))),
        *charts(figures, native=native),
        actions("figures", why_button(value(p=figures.period.text, s=figures.keys, a=at.isoformat()))),
    ]
    return Message(text=f"{heading}: {in_one_line(figures, bold=False)}", blocks=blocks)


def figure_lines(figures: Figures, *, bold: bool = True) -> list[Markup]:
    """Adoption, unresolved known errors, incidents linked: a line each, with cases and change.

    So have overrides, where there were any.
    """
    some = bool(figures.overrides.now.count or figures.overrides.before.count)
    said = say("kpi.figures", **_words(figures), bold=bold, overrides_any=some)
    return [Markup(line) for line in said.splitlines()]


def in_one_line(figures: Figures, *, bold: bool = True) -> Markup:
    """The same in one line."""
    return Markup(" - ".join(figure_lines(figures, bold=bold)))


def charts(figures: Figures, *, native: bool) -> list[Block]:
    """Deployments and incidents over the period; a chart of nothing is left out."""
    draw = native_chart if native else text_chart
    return [draw(chart) for chart in _charts(figures) if not chart.empty]


def why_button(data: str) -> Element:
    """*Why these figures*."""
    return button("Why these figures", WHY, data)


def why(figures: Figures) -> View:
    """What each figure counts, over which period, how many cases, and what it was before."""
    text = say(
        "kpi.figures_why",
        **_words(figures),
        **_period(figures),
        scope=services_words(figures.services),
        unit=figures.series.buckets.unit,
    )
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    return modal(WHY_VIEW, "Why these figures", [section(Markup(part)) for part in paragraphs], close="Close")


def services_words(services: Sequence[str]) -> str:
    """``Payments, Web shop``; ``all services`` when none is named."""
    named = ", ".join(cut(service, 30) for service in services[: sizes.SERVICES_NAMED])
    more = len(services) - sizes.SERVICES_NAMED
    return f"{named} and {counted(more, 'more', 'more')}" if more > 0 else named or "all services"


def _period(figures: Figures) -> dict[str, str]:
    period = figures.period
    return {
        "period": period.words,
        "days": _days(period.first_day, period.last_day),
        "zone": str(period.zone),
        "before": period.before_words,
    }


def _words(figures: Figures) -> dict[str, FigureWords]:
    return {
        "adoption": _ratio(figures.adoption, "deployments"),
        "known_errors": _unresolved(figures.known_errors),
        "incidents": _ratio(figures.incidents, "incidents"),
        "overrides": _overrides(figures.overrides),
        "unbound": _ratio(figures.unbound, "pipelines asked"),
    }


def _ratio(compared: Compared[Ratio], cases: str) -> FigureWords:
    now, before = compared.now, compared.before
    return FigureWords(
        value=_percent(now),
        cases=_cases(now, cases),
        moved=_moved(compared),
        before=f"{_percent(before)} ({_cases(before, cases)})",
    )


def _unresolved(compared: Compared[Unresolved]) -> FigureWords:
    now, before = compared.now, compared.before
    return FigureWords(
        value=str(now.count),
        cases=f"{now.without_workaround} without workaround",
        moved=_moved(compared),
        before=f"{before.count} ({before.without_workaround} without workaround)",
    )


def _overrides(compared: Compared[Overrides]) -> FigureWords:
    now, before = compared.now, compared.before
    return FigureWords(
        value=str(now.count),
        cases=f"{now.glass} with broken glass",
        moved=_moved(compared),
        before=f"{before.count} ({before.glass} with broken glass)",
    )


def _percent(ratio: Ratio) -> str:
    return "no data" if ratio.percent is None else f"{ratio.percent} %"


def _cases(ratio: Ratio, cases: str) -> str:
    return f"{ratio.part} of {ratio.whole}" if ratio.whole else f"no {cases}"


def _moved(compared: Compared[Ratio] | Compared[Unresolved] | Compared[Overrides]) -> str:
    change = compared.change
    if change is None:
        before = compared.before
        if isinstance(before, Ratio) and before.percent is not None:
            return f"was {_percent(before)}"
        return "no data before"
    if change == 0:
        return "unchanged"
    return f"up {change}" if change > 0 else f"down {-change}"


def _days(first: date, last: date) -> str:
    return say_date(first) if first == last else f"{say_date(first)} to {say_date(last)}"


def _charts(figures: Figures) -> list[Chart]:
    series = figures.series
    unit = series.buckets.unit
    categories = tuple(one.label for one in series.buckets.each)
    return [
        Chart(
            "line",
            f"Deployments by {unit}",
            categories,
            (("Deployments", series.deployments), ("Backed out", series.backed_out)),
        ),
        Chart(
            "bar",
            f"Incidents by {unit}",
            categories,
            (("Linked", series.linked), ("Unlinked", series.unlinked)),
        ),
    ]

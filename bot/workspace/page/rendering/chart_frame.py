"""What every kind of chart has: a titled drawing, a legend, and its figures as a table."""

from markupsafe import Markup

from bot.workspace.page.rendering.html import tag


def svg(drawn: Markup, title: str, description: str, key: str, size: str) -> Markup:
    """``title`` and ``description`` are read aloud by screen readers."""
    picture = tag(
        "svg",
        tag("title", title, id=f"{key}-title"),
        tag("desc", description, id=f"{key}-desc"),
        drawn,
        viewBox=f"0 0 {size}",
        role="img",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
    )
    return tag("div", picture, class_="chart-scroll")


def legend(entries: list[tuple[str, str]]) -> Markup:
    """``entries`` are names and notes, in the order of the colours."""
    return tag(
        "ul",
        *(
            tag(
                "li",
                tag(
                    "svg",
                    tag("rect", width=12, height=12, rx=3, class_=f"fill-{place}"),
                    width=12,
                    height=12,
                    aria_hidden="true",
                ),
                tag("bdi", name),
                tag("span", note, class_="legend-note") if note else "",
            )
            for place, (name, note) in enumerate(entries)
        ),
        class_="legend",
    )


def figures(head: list[str], rows: list[list[str]]) -> Markup:
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", value, class_="align-right") for value in row[1:]))
        for row in rows
    ]
    table = tag(
        "table", tag("thead", tag("tr", *(tag("th", one, scope="col") for one in head))), tag("tbody", *body)
    )
    return tag("details", tag("summary", "Figures"), tag("div", table, class_="table-scroll"), class_="figures")

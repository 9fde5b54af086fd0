"""Tables: the plain one, and the data table with paging and sorting."""

from typing import Any

from markupsafe import Markup

from bot.workspace.page.rendering.html import lines, tag
from bot.workspace.page.rendering.numbers import written_number
from bot.workspace.page.rendering.reader import Reader
from bot.workspace.page.rendering.rich_text import rich_text
from bot.workspace.page.rendering.surface import Json, Surface, fingerprint

ROWS_A_PAGE = 5


def cell(given: Json, reader: Reader) -> Markup:
    match given.get("type"):
        case "raw_text":
            return lines(str(given.get("text", "")))
        case "raw_number":
            return lines(str(given.get("text") or written_number(given.get("value", 0))))
        case "rich_text":
            return rich_text(given, reader)
        case other:
            return tag("span", f"unsupported {other}", class_="unsupported")


def table(given: Json, reader: Reader) -> Markup:
    rows: list[list[Json]] = given.get("rows", [])
    settings: list[Any] = given.get("column_settings") or []
    drawn = [
        tag(
            "tr",
            *(
                tag("th" if not number else "td", cell(one, reader), class_=_column_class(one, settings, column))
                for column, one in enumerate(row)
            ),
        )
        for number, row in enumerate(rows)
    ]
    body = tag("table", tag("thead", *drawn[:1]), tag("tbody", *drawn[1:]))
    return tag("div", body, class_="table-scroll", tabindex=0, role="region", aria_label="Table")


def _column_class(one: Json, settings: list[Any], column: int) -> str | None:
    setting = settings[column] if column < len(settings) and settings[column] else {}
    align = setting.get("align") or ("right" if one.get("type") == "raw_number" else None)
    classes = [f"align-{align}"] if align in {"left", "center", "right"} else []
    if setting.get("is_wrapped") is False:
        classes.append("unwrapped")
    return " ".join(classes) or None


def data_table(given: Json, surface: Surface, reader: Reader) -> Markup:
    """The browser sorts it and turns its pages."""
    rows: list[list[Json]] = given.get("rows") or [[]]
    size = int(given.get("page_size") or ROWS_A_PAGE)
    identifying = int(given.get("row_header_column_index") or 0)
    numeric = _numeric_columns(rows[1:])
    head = [_heading(one, column in numeric, reader) for column, one in enumerate(rows[0])]
    body = [_data_row(row, identifying, reader, hidden=number >= size) for number, row in enumerate(rows[1:])]
    caption = str(given.get("caption", ""))
    drawn = tag("table", tag("caption", caption, dir="auto"), tag("thead", tag("tr", *head)), tag("tbody", *body))
    return tag(
        "div",
        tag("div", drawn, class_="table-scroll", tabindex=0, role="region", aria_label=caption or "Table"),
        _pager(len(body), size) if len(body) > size else "",
        id=surface.dom_id(str(given.get("block_id", "")), "table"),
        class_="data-table",
        data_page_size=size,
        data_keep=fingerprint(given),
    )


def _numeric_columns(rows: list[list[Json]]) -> set[int]:
    return {column for row in rows for column, one in enumerate(row) if one.get("type") == "raw_number"}


def _heading(one: Json, is_numeric: bool, reader: Reader) -> Markup:
    sorter = tag("button", cell(one, reader), type="button", class_="sorter", data_sort=True)
    return tag("th", sorter, scope="col", aria_sort="none", class_="align-right" if is_numeric else None)


def _data_row(row: list[Json], identifying: int, reader: Reader, *, hidden: bool) -> Markup:
    drawn = []
    for column, one in enumerate(row):
        is_number = one.get("type") == "raw_number"
        drawn.append(
            tag(
                "th" if column == identifying else "td",
                cell(one, reader),
                scope="row" if column == identifying else None,
                class_="align-right" if is_number else None,
                data_value=str(one.get("value")) if is_number else None,
                dir=None if is_number else "auto",
            )
        )
    return tag("tr", *drawn, hidden=hidden)


def _pager(count: int, size: int) -> Markup:
    return tag(
        "div",
        tag(
            "button",
            "‹",
            type="button",
            class_="btn btn-small",
            data_page="-1",
            aria_label="Previous page",
            disabled=True,
        ),
        tag("span", f"1–{size} of {count}", class_="pager-range", aria_live="polite"),
        tag("button", "›", type="button", class_="btn btn-small", data_page="1", aria_label="Next page"),
        class_="pager",
    )

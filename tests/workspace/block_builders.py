"""Short constructors for blocks and views."""

from typing import Any

Json = dict[str, Any]


def plain(length: int = 1, mark: str = "x") -> Json:
    return {"type": "plain_text", "text": mark * length}


def markup(length: int = 1) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def option(number: int = 0, text: int = 1, value: int | None = None, **more: Any) -> Json:
    return {"text": plain(text), "value": "v" * value if value is not None else str(number), **more}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def button(number: int = 0, **fields: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": str(number), **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(**fields: Any) -> Json:
    return {"type": "section", **fields}


def confirm(**fields: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **fields}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def line(*inline: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(inline)}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def data_table(rows: list[list[Json]], **fields: Any) -> Json:
    return {"type": "data_table", "caption": "Figures", "rows": rows, **fields}


def bars(series: list[Json], categories: list[str], **axis: Any) -> Json:
    chart = {"type": "bar", "series": series, "axis_config": {"categories": categories, **axis}}
    return {"type": "data_visualization", "title": "Weeks", "chart": chart}


def series(name: str, labels: list[str], value: Any = 1) -> Json:
    return {"name": name, "data": [{"label": one, "value": value} for one in labels]}


def pie(count: int, value: Any = 1, label: str = "x", title: str = "Pie") -> Json:
    segments = [{"label": label, "value": value} for _ in range(count)]
    return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": segments}}


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[cell()] * columns] * rows}


def input_block(element: Json | None = None, **fields: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element or {"type": "plain_text_input"}, **fields}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **fields}

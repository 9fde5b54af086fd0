"""Blocks that show data: tables and charts."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.blockkit.composition_objects import ID
from bot.workspace.blockkit.rich_text import RICH_TEXT
from bot.workspace.blockkit.schema import (
    Check,
    Problem,
    Shape,
    flag,
    integer,
    list_of,
    number,
    one_of,
    positive,
    string,
    typed,
)

TABLE_TEXT_LIMIT = 10_000
"""Characters in all cells of a table."""

_RAW_TEXT = Shape({"text": string()})
_RAW_NUMBER = Shape({"value": number}, {"text": string()})
_CELLS: dict[str, Check] = {"raw_text": _RAW_TEXT, "rich_text": RICH_TEXT}
_COLUMN = Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def _cell_text(cell: Any) -> int:
    if isinstance(cell, dict):
        own = len(cell["text"]) if isinstance(cell.get("text"), str) else 0
        return own + sum(_cell_text(one) for one in cell.get("elements") or ())
    return 0


def _not_too_much_text(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    if sum(_cell_text(cell) for row in value["rows"] for cell in row) > TABLE_TEXT_LIMIT:
        yield Problem(f"{pointer}/rows", f"no more than {TABLE_TEXT_LIMIT} characters in all cells", "max_length")


def _equal_rows(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    if len({len(row) for row in value["rows"]}) > 1:
        yield Problem(f"{pointer}/rows", "all rows must have the same number of cells", "row_length")
    if value.get("row_header_column_index", 0) >= len(value["rows"][0]):
        yield Problem(f"{pointer}/row_header_column_index", "must be a column of the table", "max_value")


def _plain_header(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    for place, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            yield Problem(f"{pointer}/rows/0/{place}/type", "unsupported type: rich_text", "unsupported_type")


TABLE = Shape(
    {"rows": list_of(list_of(typed(_CELLS), 20), 100)},
    {"block_id": ID, "column_settings": list_of(_COLUMN, 20)},
    (_not_too_much_text,),
)
DATA_TABLE = Shape(
    {"caption": string(), "rows": list_of(list_of(typed({**_CELLS, "raw_number": _RAW_NUMBER}), 20), 101, 2)},
    {"block_id": ID, "page_size": integer(1, 100), "row_header_column_index": integer(0)},
    (_equal_rows, _plain_header, _not_too_much_text),
)

_LABEL = string(20)
_POINT = Shape({"label": _LABEL, "value": number})
_SERIES = Shape({"name": _LABEL, "data": list_of(_POINT, 20)})
_AXIS = Shape({"categories": list_of(_LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})


def _points_fit_axis(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    names = [one["name"] for one in value["series"]]
    if len(set(names)) < len(names):
        yield Problem(f"{pointer}/series", "series names must be unique", "unique")
    categories = value["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        yield Problem(f"{pointer}/axis_config/categories", "categories must be unique", "unique")
    for place, one in enumerate(value["series"]):
        if sorted(point["label"] for point in one["data"]) != sorted(categories):
            yield Problem(f"{pointer}/series/{place}/data", "must have one value for each category", "categories")


_XY = Shape({"series": list_of(_SERIES, 6), "axis_config": _AXIS}, rules=(_points_fit_axis,))
_PIE = Shape({"segments": list_of(Shape({"label": _LABEL, "value": positive}), 6)})
CHART = Shape(
    {"title": string(50), "chart": typed({"pie": _PIE, "line": _XY, "bar": _XY, "area": _XY})}, {"block_id": ID}
)

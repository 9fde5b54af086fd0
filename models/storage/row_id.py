"""The ``id`` of a row that the database numbers."""

from typing import Any

from sqlmodel import Field


def row_id() -> Any:
    """The primary key of a table whose rows the database numbers, for a column typed ``int``.

    A new row has None until it is flushed, and use cases flush it before they read its ``id``. Typed ``int | None``
    every reader would have to rule out a None that a stored row never has.
    """
    return Field(default=None, primary_key=True)

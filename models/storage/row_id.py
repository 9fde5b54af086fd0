from typing import Any

from sqlmodel import Field


def row_id() -> Any:
    """A primary key that the database assigns, for a column typed ``int``.

    It is None until the row is flushed, which use cases do before they read it. Typed ``int | None``, every reader
    would have to rule out a None that a stored row never has.
    """
    return Field(default=None, primary_key=True)

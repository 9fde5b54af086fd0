"""What can be kept of a text: PostgreSQL takes no NUL, and neither database half a character."""

import re

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def storable(text: str) -> str:
    """``text`` without what no database keeps or no screen shows: control characters and halves of characters."""
    return _UNSTORABLE.sub("", text)

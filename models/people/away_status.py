"""Whether a Slack status says that somebody is away. A meeting or a bus ride is not."""

import re

AWAY_SIGNS = frozenset((":palm_tree:", ":face_with_thermometer:", ":desert_island:", ":beach_with_umbrella:"))
"""Slack itself offers the first two for *Vacationing* and *Out sick*."""

_AWAY = re.compile(
    r"\b(vacation(ing)?|holidays?|out of( the)? office|ooo|out sick|sick leave|"
    r"(on|parental|maternity|paternity|annual) leave|pto|away until)\b"
)

_BACK = re.compile(r"\bback from\b")


def says_away(emoji: str, text: str) -> bool:
    """Whether a status means that the person decides nothing now."""
    words = text.casefold()
    if _BACK.search(words):
        return False
    return emoji in AWAY_SIGNS or bool(_AWAY.search(words))

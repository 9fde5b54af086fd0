"""Reads the words after a command; every command uses this."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from models.catalog.document import Catalog, Service

EDGES = ",;:.!?\"'`()<>"
"""Punctuation around a word that means nothing."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_NEAR = {"today": 0, "tomorrow": 1}

SERVICES_NAMED = 20
"""Services that an answer lists."""


def argument_words(text: str) -> list[str]:
    """Words without the punctuation around them; a mention of a person stays whole."""
    return [bare for word in text.split() if (bare := word if word.startswith("<@") else word.strip(EDGES))]


def is_day(word: str) -> bool:
    """Whether ``word`` looks like a day, ``today``, ``tomorrow`` or ``2026-12-01``, even one that doesn't exist."""
    return word.casefold() in _NEAR or bool(_ISO.fullmatch(word))


def day_named(word: str, today: date) -> date | None:
    """None if there is no such day, such as the 31st of November."""
    if word.casefold() in _NEAR:
        return today + timedelta(days=_NEAR[word.casefold()])
    try:
        return date.fromisoformat(word) if _ISO.fullmatch(word) else None
    except ValueError:
        return None


def service_named(text: str, catalog: Catalog) -> Service | None:
    """By key or name, in any case."""
    wanted = text.strip().strip(EDGES).casefold()
    return next((one for one in catalog.services if wanted in (one.key.casefold(), one.name.casefold())), None)


def known_services(catalog: Catalog) -> str:
    """Keys for the answer to an unknown word, :data:`SERVICES_NAMED` at most."""
    keys: Sequence[str] = sorted(catalog.by_key)
    return ", ".join(keys[:SERVICES_NAMED]) or "none, until a catalog is applied"

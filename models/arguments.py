"""Words that people type after a command, read alike by every command."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from models.catalog.document import Catalog, Service

EDGES = ",;:.!?\"'`()<>"
"""Punctuation around a word that says nothing: chat clients add it, people type it."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_NEAR = {"today": 0, "tomorrow": 1}

NAMED = 20
"""How many services an answer lists."""


def argument_words(text: str) -> list[str]:
    """The words of ``text`` without the punctuation around them. A mention of a person stays whole."""
    return [bare for word in text.split() if (bare := word if word.startswith("<@") else word.strip(EDGES))]


def is_day(word: str) -> bool:
    """Whether ``word`` is meant as a day: ``today``, ``tomorrow``, ``2026-12-01``. Such a day may not exist."""
    return word.casefold() in _NEAR or bool(_ISO.fullmatch(word))


def day_named(word: str, today: date) -> date | None:
    """The day that ``word`` names, or None where it names none, such as the 31st of November."""
    if word.casefold() in _NEAR:
        return today + timedelta(days=_NEAR[word.casefold()])
    try:
        return date.fromisoformat(word) if _ISO.fullmatch(word) else None
    except ValueError:
        return None


def service_named(text: str, catalog: Catalog) -> Service | None:
    """The service with the key or name ``text``, in any case."""
    wanted = text.strip().strip(EDGES).casefold()
    return next((one for one in catalog.services if wanted in (one.key.casefold(), one.name.casefold())), None)


def known_services(catalog: Catalog) -> str:
    """The keys of the services for an answer to an unknown word, :data:`NAMED` at most."""
    keys: Sequence[str] = sorted(catalog.by_key)
    return ", ".join(keys[:NAMED]) or "none, until a catalog is applied"

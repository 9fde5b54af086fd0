"""Finds an environment as people name it."""

import difflib

from models.catalog.document import Catalog, Environment
from models.catalog.numbering import fold_identifier
from models.environments.booking_form import production_sentence
from models.errors import NotFound, Refused
from models.text import cut_words


def find_environment(catalog: Catalog, text: str) -> Environment:
    """By key or name, without regard to case and surrounding punctuation.

    Raises :class:`~models.errors.NotFound` with the nearest ones.
    """
    if not catalog.environments:
        raise NotFound("The catalog names no environment yet. Its owners add them and apply it.")
    called = {fold_identifier(name): one for one in catalog.environments for name in (one.name, one.key)}
    wanted = fold_identifier(text)
    if wanted in called:
        return called[wanted]
    keys = [one.key for one in catalog.environments]
    if not wanted:
        raise NotFound("Say which environment, for example /environment show " + keys[0] + ".")
    close = difflib.get_close_matches(wanted, called, n=3, cutoff=0.6)
    nearest = list(dict.fromkeys(called[name].key for name in close)) or keys[:3]
    raise NotFound(f"There is no environment {cut_words(text)!r}.", nearest)


def find_bookable(catalog: Catalog, text: str) -> str:
    """The key of the environment that ``text`` names; empty for an empty text.

    Raises :class:`~models.errors.NotFound` for an unknown name or when none can be booked at all, and
    :class:`~models.errors.Refused` for production.
    """
    if not catalog.bookable_environments:
        raise NotFound("The catalog names no environment to book yet. Its owners add them and apply it.")
    if not fold_identifier(text):
        return ""
    found = find_environment(catalog, text)
    if not found.bookable:
        raise Refused(production_sentence(found))
    return found.key

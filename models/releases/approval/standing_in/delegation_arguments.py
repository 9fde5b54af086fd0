"""The arguments of ``/release delegate``: a person, one or two days and services, in any order."""

import re
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.arguments import argument_words, day_named, service_named
from models.catalog.document import Catalog
from models.errors import Invalid
from models.people.directory import people_called

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|@?([UW](?=[A-Z]*[0-9])[A-Z0-9]{3,})")


async def parse_delegation(session: AsyncSession, text: str, catalog: Catalog, today: date) -> dict[str, Any]:
    """What the words fill in, by field of the form.

    Raises :class:`~models.errors.Invalid` for a word that is no person, day or service.
    """
    days: list[str] = []
    services: list[str] = []
    entered: dict[str, Any] = {"services": services}
    for word in argument_words(text.replace(",", " ")):
        day = day_named(word, today)
        if service := service_named(word, catalog):
            services.append(service.key)
        elif word.casefold() in ("from", "until", "to"):
            continue
        elif day and len(days) < 2:
            days.append(day.isoformat())
        else:
            entered["delegate"] = await person_named(session, word)
    entered |= dict(zip(("from", "until"), sorted(days), strict=False))
    return entered


async def person_named(session: AsyncSession, word: str) -> str:
    """The id of the person that ``word`` mentions. Raises :class:`~models.errors.Invalid` for nobody or several."""
    mention = _MENTION.fullmatch(word.strip())
    if mention:
        return mention[1] or mention[2]
    matches = await people_called(session, word.strip().lstrip("@"))
    if len(matches) != 1:
        what = "no person, day or service" if not matches else "the name of several people"
        raise Invalid({"text": f"{word.strip()[:40]!r} is {what}. /release delegate alone opens a form."})
    return matches[0]

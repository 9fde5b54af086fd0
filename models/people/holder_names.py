from collections.abc import Iterable

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.catalog.roles import role_choice, role_words
from models.people.directory import names, people_in, unread_groups
from models.text import either

MOST_NAMED = 5
"""People that a refusal names."""


async def holder_names(
    session: AsyncSession,
    service: Service,
    roles: Iterable[str],
    without: Iterable[str] = (),
    also: Iterable[str] = (),
) -> str:
    """The people who hold one of ``roles``, for a refusal: ``Rita or Sam``, or why there is nobody.

    ``also`` are people who may whatever they hold.
    """
    roles = tuple(roles)
    people: set[str] = set(also)
    for role in roles:
        people |= await people_in(session, service, role)
    people -= set(without)
    known = await names(session, people)
    called = sorted(known.get(person, person) for person in people)
    unread = bool(await unread_groups(session, service, roles))
    if called:
        return either(called, MOST_NAMED) + (f", or {_UNREAD}" if unread else "")
    if unread:
        return _UNREAD
    if any(subject in service.barred for role in roles for subject in service.named(role)):
        return f"nobody, because nobody whom the catalog names in {role_words(roles)} is left"
    return "nobody, because the catalog names nobody else in " + role_words(roles)


async def reserved_for(session: AsyncSession, service: Service, roles: tuple[str, ...]) -> str:
    """``This is for the release manager or owner of Payments: Rita or Sam.``"""
    return f"This is for the {role_choice(roles)} of {service.name}: {await holder_names(session, service, roles)}."


_UNREAD = "the members of a user group that Slack has not named yet. Try again in a minute"

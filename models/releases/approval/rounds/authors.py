"""Who can still change a release without leaving too few people to approve it: docs/process.md#requesters."""

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.catalog.quorum import reachable
from models.catalog.roles import role_word
from models.lifecycle.tables.release import Release
from models.people.directory import names, people_in, unread_groups
from models.people.holder_names import MOST_NAMED
from models.releases.approval.rounds.rules import RoundRules
from models.text import either, listed


def needed_altogether(rules: RoundRules) -> dict[str, int]:
    """The quorum and the later approvals: nobody gives one of each."""
    later = rules.later.approvals if rules.later else {}
    roles = dict.fromkeys((*rules.required, *later))
    return {role: rules.required.get(role, 0) + later.get(role, 0) for role in roles}


def leaves_enough(
    needed: Mapping[str, int], holders: Mapping[str, Collection[str]], requesters: AbstractSet[str], author: str
) -> bool:
    """Whether enough people remain if ``author`` is one more of the requesters.

    Nobody makes it worse where there are too few already.
    """
    if author in requesters or not reachable(needed, holders, requesters):
        return True
    return reachable(needed, holders, {*requesters, author})


async def too_few_remain(
    session: AsyncSession,
    service: Service,
    release: Release,
    rules: RoundRules,
    requesters: AbstractSet[str],
    author: str,
    editors: Iterable[str],
) -> str:
    """Why ``author`` can't change what the release says, and who can; empty if they can.

    ``editors`` are the roles in which people may. Until Slack has named the members of a user group, nobody is
    refused.
    """
    needed = needed_altogether(rules)
    if author in requesters or await unread_groups(session, service, needed):
        return ""
    holders = {role: await people_in(session, service, role) for role in needed}
    if leaves_enough(needed, holders, requesters, author):
        return ""
    others = {release.requester}
    for role in editors:
        others |= await people_in(session, service, role)
    able = {one for one in others - {author} if leaves_enough(needed, holders, requesters, one)}
    called = await names(session, able)
    by = either(sorted(called.get(one, one) for one in able), MOST_NAMED)
    roles = listed(f"{count} {role_word(role)}" for role, count in needed.items())
    return (
        f"If you change this, you can't approve {release.identifier} any more, and too few people are left who "
        f"can: it takes {roles}. Ask {by} to change it."
    )

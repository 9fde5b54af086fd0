"""Keeps the directory fresh: what has to be read from Slack, and storing it.

Nobody decides anything here, so there are no audit rows; only the catalog gives roles. Each change of who may hold
a right is counted, so that nobody goes on with a catalog that names them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, is_group
from models.events import SYSTEM
from models.membership.rights import NOWHERE, Kind, Workspace, kind_of
from models.membership.tables import GroupMember, MembershipChange, Person, UserGroup
from models.people.away_status import says_away
from models.people.home_refresh import refresh_homes_of
from models.storage.database import insert_into
from models.unit_of_work import Transaction, UnitOfWork

PERSON_FRESH = timedelta(days=1)
"""Changes arrive as events; reading people this often catches lost ones (docs/slack-facts.md#people)."""

GROUP_FRESH = timedelta(minutes=10)
"""Rights depend on the members of groups, so a lost event is caught sooner."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack describes them."""

    id: str
    name: str
    timezone: str
    active: bool
    away: bool = False
    kind: str = Kind.MEMBER


def profile_of(user: Mapping[str, Any], ours: Workspace = NOWHERE) -> Profile:
    """Read a user object of Slack's."""
    profile = user.get("profile") or {}
    shown = profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name")
    return Profile(
        id=str(user["id"]),
        name=next((str(name) for name in shown if name), str(user["id"])),
        timezone=str(user.get("tz") or "UTC"),
        active=not user.get("deleted"),
        away=says_away(str(profile.get("status_emoji") or ""), str(profile.get("status_text") or "")),
        kind=kind_of(user, ours),
    )


def subjects_of(catalog: Catalog) -> tuple[frozenset[str], frozenset[str]]:
    """The people and the user groups that ``catalog`` names."""
    named = {subject for service in catalog.services for subject in service.subjects}
    named |= {environment.manager for environment in catalog.environments if environment.manager}
    named |= {catalog.process_owner} if catalog.process_owner else set()
    named |= set(catalog.guests)
    groups = frozenset(filter(is_group, named))
    return frozenset(named - groups), groups


async def unread_people(session: AsyncSession, people: Iterable[str]) -> list[str]:
    """Those of ``people`` who were never read from Slack."""
    wanted = set(people)
    query = select(Person.id).where(col(Person.id).in_(wanted), col(Person.read_at).is_not(None))
    return sorted(wanted - set((await session.exec(query)).all()))


async def groups_to_read(session: AsyncSession, groups: Iterable[str], now: datetime) -> list[str]:
    """Those of ``groups`` never read or not since :data:`GROUP_FRESH`, the stalest first."""
    known = dict((await session.exec(select(UserGroup.id, UserGroup.read_at))).all())
    due = [group for group in groups if group not in known or known[group] <= now - GROUP_FRESH]
    return sorted(due, key=lambda group: (group in known, known.get(group, now), group))


async def departed(session: AsyncSession, person: str) -> Profile:
    """The profile of a person whom Slack doesn't know any more: inactive, with what was known."""
    known = await session.get(Person, person)
    if known is None:
        return Profile(person, person, "UTC", active=False, kind=Kind.UNKNOWN)
    return Profile(person, known.name, known.timezone, active=False, kind=known.kind)


async def remember_people(work: UnitOfWork, profiles: Sequence[Profile]) -> None:
    if not profiles:
        return
    async with work(SYSTEM) as tx:
        rows = [
            {
                "id": one.id,
                "name": one.name,
                "timezone": one.timezone,
                "active": one.active,
                "away": one.away,
                "kind": one.kind,
                "read_at": tx.now,
            }
            for one in profiles
        ]
        changed = await _whose_rights_change(tx, profiles)
        connection = await tx.session.connection()
        statement = insert_into(Person, connection.dialect.name)
        replaced = {name: statement.excluded[name] for name in rows[0] if name != "id"}
        await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=replaced), rows)
        if changed:
            await count_membership_change(tx)
            await refresh_homes_of(tx, changed)


async def _whose_rights_change(tx: Transaction, profiles: Sequence[Profile]) -> list[str]:
    """Those who begin or cease to be members, as far as it was known before."""
    query = select(Person.id, Person.active, Person.kind).where(col(Person.id).in_([one.id for one in profiles]))
    before = {person: (active, kind) for person, active, kind in (await tx.session.exec(query)).all()}
    return [one.id for one in profiles if _stands(*before.get(one.id, (True, ""))) != _stands(one.active, one.kind)]


def _stands(active: bool, kind: str) -> tuple[bool, str]:
    """What counts for rights: being unknown is as good as being a member."""
    return active, kind or Kind.MEMBER


async def count_membership_change(tx: Transaction) -> None:
    """Have everybody who keeps a catalog in memory ask again whom it names in vain."""
    connection = await tx.session.connection()
    statement = insert_into(MembershipChange, connection.dialect.name)
    more = {"count": col(MembershipChange.count) + 1}
    first = {"id": 1, "count": 1}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=more), first)


async def remember_changed(work: UnitOfWork, profile: Profile) -> None:
    """Store a change that Slack reports about a person, if the directory has them at all."""
    async with work.reading() as snapshot:
        known = await snapshot.session.get(Person, profile.id)
    if known is not None:
        await remember_people(work, [profile])


async def remember_group(work: UnitOfWork, group: str, members: Collection[str], *, gone: bool = False) -> None:
    """Replace the members of a user group; one that is ``gone`` has none, and holds no role any more."""
    async with work(SYSTEM) as tx:
        connection = await tx.session.connection()
        was_gone = await connection.scalar(select_columns(col(UserGroup.gone)).where(col(UserGroup.id) == group))
        statement = insert_into(UserGroup, connection.dialect.name)
        replaced = {name: statement.excluded[name] for name in ("read_at", "gone")}
        read = statement.on_conflict_do_update(index_elements=["id"], set_=replaced)
        await connection.execute(read, {"id": group, "read_at": tx.now, "gone": gone})
        if bool(was_gone) != gone:
            await count_membership_change(tx)
        await connection.execute(delete(GroupMember).where(col(GroupMember.group_id) == group))
        if members:
            rows = [{"group_id": group, "person_id": member} for member in sorted(set(members))]
            await connection.execute(insert(GroupMember), rows)


async def change_group(work: UnitOfWork, group: str, added: Collection[str], removed: Collection[str]) -> None:
    """Store a change of a user group, if it has been read; others are read when the catalog names them."""
    async with work(SYSTEM) as tx:
        if await tx.session.get(UserGroup, group) is None:
            return
        connection = await tx.session.connection()
        members = delete(GroupMember).where(col(GroupMember.group_id) == group)
        await connection.execute(members.where(col(GroupMember.person_id).in_(set(removed))))
        if added:
            statement = insert_into(GroupMember, connection.dialect.name).on_conflict_do_nothing()
            rows = [{"group_id": group, "person_id": member} for member in sorted(set(added))]
            await connection.execute(statement, rows)


async def remember_lost_group(work: UnitOfWork, group: str) -> None:
    """Store that Slack reports a user group as disabled, if it has been read."""
    async with work.reading() as snapshot:
        known = await snapshot.session.get(UserGroup, group)
    if known is not None:
        await remember_group(work, group, (), gone=True)

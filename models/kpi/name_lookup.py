from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import is_group
from models.catalog.roles import role_word
from models.membership.tables import GroupMember
from models.people.directory import names


class NameLookup:
    """Names of people and of the members of user groups, looked up once for a whole list."""

    def __init__(self, members: Mapping[str, Sequence[str]], names_by_id: Mapping[str, str]) -> None:
        self._members = members
        self._names = names_by_id

    @classmethod
    async def load(cls, session: AsyncSession, subjects: Iterable[str], barred: Collection[str]) -> "NameLookup":
        """The members of a group who are ``barred`` are left out."""
        unique = set(subjects)
        groups = set(filter(is_group, unique))
        members: dict[str, list[str]] = {group: [] for group in groups}
        query = select(GroupMember).where(col(GroupMember.group_id).in_(groups))
        for row in (await session.exec(query)).all():
            if row.person_id not in barred:
                members[row.group_id].append(row.person_id)
        people = (unique - groups).union(*members.values())
        return cls(members, await names(session, people))

    def in_roles(
        self, holders: Mapping[str, Iterable[str]], without: Collection[str]
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each role in words, with the names of its ``holders``, except the people ``without``."""
        return tuple((role_word(role), self.names_of(held, without)) for role, held in holders.items())

    def names_of(self, subjects: Iterable[str], without: Iterable[str] = ()) -> tuple[str, ...]:
        """The names of the people and of the groups' members, sorted."""
        people = {person for subject in subjects for person in self._members.get(subject, (subject,))} - set(
            without
        )
        return tuple(sorted(self._names.get(person, person) for person in people))

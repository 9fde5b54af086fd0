"""Who people and user groups are, looked up once for a whole list."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import is_group
from models.catalog.roles import role_word
from models.people.directory import GroupMember, names


class NameLookup:
    """The people that the subjects of a list stand for, by name."""

    def __init__(self, members: Mapping[str, Sequence[str]], called: Mapping[str, str]) -> None:
        self._members = members
        self._called = called

    @classmethod
    async def known(cls, session: AsyncSession, subjects: Iterable[str]) -> "NameLookup":
        """Look up ``subjects``."""
        wanted = set(subjects)
        groups = set(filter(is_group, wanted))
        members: dict[str, list[str]] = {group: [] for group in groups}
        query = select(GroupMember).where(col(GroupMember.group_id).in_(groups))
        for row in (await session.exec(query)).all():
            members[row.group_id].append(row.person_id)
        people = (wanted - groups).union(*members.values())
        return cls(members, await names(session, people))

    def in_roles(
        self, asked: Mapping[str, Iterable[str]], without: Collection[str]
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each of the ``asked`` roles in words, with the names of those who hold it, but for ``without``."""
        return tuple((role_word(role), self.called(held, without)) for role, held in asked.items())

    def called(self, subjects: Iterable[str], without: Iterable[str] = ()) -> tuple[str, ...]:
        """The names of the people that ``subjects`` stand for, in alphabetical order."""
        people = {person for one in subjects for person in self._members.get(one, (one,))} - set(without)
        return tuple(sorted(self._called.get(person, person) for person in people))

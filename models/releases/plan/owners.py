"""Who owns a task of a plan, and who may settle it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Service
from models.catalog.roles import RELEASE_MANAGER, answerable_role, role_word
from models.lifecycle.tables.plan import PlanTask
from models.people.directory import Person

SLACKBOT = "USLACKBOT"

CANNOT_ACT = "This account is a bot or was deactivated. Choose somebody who can do it."


def owner_role(service: Service, task: PlanTask) -> str:
    """The role that answers for ``task``: its own, or, when nobody holds it, the release manager or the owner."""
    return answerable_role(service, task.role)


def owner_words(service: Service | None, task: PlanTask) -> str:
    """:func:`owner_role` as people say it; the task's own role when the catalog dropped the service."""
    return role_word(owner_role(service, task) if service else task.role)


def owners(service: Service | None, task: PlanTask) -> tuple[str, ...]:
    """The people and user groups who own ``task``, as Slack ids; none when the catalog dropped the service."""
    if task.owner:
        return (task.owner,)
    return service.holders(owner_role(service, task)) if service else ()


def may_settle(task: PlanTask, person: str, roles: frozenset[str]) -> bool:
    """Whether ``person``, who holds ``roles`` in the service, may settle ``task``.

    Its owner may, so may the holders of its role (also after they handed it over, to take it back), the release
    manager and the service owner.
    """
    return person == task.owner or not roles.isdisjoint((task.role, RELEASE_MANAGER, OWNER))


async def can_act(session: AsyncSession, person: str) -> bool:
    """Whether ``person`` is neither a bot nor, by what Slack has told so far, deactivated."""
    known = await session.get(Person, person)
    return person != SLACKBOT and (known is None or known.active)

"""Who owns a task of a plan, and who may settle it."""

from models.catalog.document import OWNER, Service
from models.catalog.roles import RELEASE_MANAGER, answerable_role, role_word
from models.lifecycle.access import roles_that_answer
from models.lifecycle.tables.plan import PlanTask
from models.membership.rights import SLACKBOT
from models.membership.tables import Person
from models.unit_of_work import Snapshot

CANNOT_ACT = "This account is a bot or a guest, or was deactivated. Choose somebody who can do it."


def owner_role(service: Service, task: PlanTask) -> str:
    """The role that answers for ``task``: its own, or, when nobody holds it, the release manager or the owner."""
    return answerable_role(service, task.role)


def owner_words(service: Service | None, task: PlanTask) -> str:
    """:func:`owner_role` as people say it; the task's own role when the catalog dropped the service."""
    return role_word(owner_role(service, task) if service else task.role)


def owners(service: Service | None, task: PlanTask) -> tuple[str, ...]:
    """The people and user groups who own ``task``, as Slack ids; none when the catalog dropped the service.

    The task of a person who left falls to its role.
    """
    if task.owner and not (service and task.owner in service.barred):
        return (task.owner,)
    return service.holders(owner_role(service, task)) if service else ()


def settling_roles(service: Service | None, task: PlanTask) -> tuple[str, ...]:
    """The roles that settle ``task``, as refusals name them; where nobody holds these, the roles they fall to.

    Holders of the task's role may also after it was handed over, to take it back. The service owner may always
    (docs/process.md#who-may-change-the-plan), but is named only where a role falls to them.
    """
    return roles_that_answer(service, (task.role, RELEASE_MANAGER))


def may_settle(service: Service | None, task: PlanTask, person: str, roles: frozenset[str]) -> bool:
    """Whether ``person``, who holds ``roles`` in ``service``, may settle ``task``: its owner may in any case."""
    return person == task.owner or not roles.isdisjoint((*settling_roles(service, task), OWNER))


async def can_act(snapshot: Snapshot, person: str) -> bool:
    """Whether ``person`` may hold rights and, by what Slack has told so far, wasn't deactivated."""
    known = await snapshot.session.get(Person, person)
    barred = person == SLACKBOT or person in (await snapshot.catalog()).barred
    return not barred and (known is None or known.active)

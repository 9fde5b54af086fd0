"""Who owns a task of a plan, and who may settle it."""

from models.catalog.document import OWNER, Service
from models.catalog.roles import RELEASE_MANAGER, answerable_role, role_word
from models.lifecycle.tables.plan import PlanTask


def owner_role(service: Service, task: PlanTask) -> str:
    """The role that answers for ``task``: its own, or where nobody holds that one the release manager or owner."""
    return answerable_role(service, task.role)


def owner_words(service: Service | None, task: PlanTask) -> str:
    """That role as people say it; its own where the service is gone."""
    return role_word(owner_role(service, task) if service else task.role)


def owners(service: Service | None, task: PlanTask) -> tuple[str, ...]:
    """The people and user groups who own ``task`` now, as Slack ids; nobody when the service is gone."""
    if task.owner:
        return (task.owner,)
    return service.holders(owner_role(service, task)) if service else ()


def may_settle(task: PlanTask, person: str, roles: frozenset[str]) -> bool:
    """Whether ``person``, who holds ``roles`` in the service, may settle ``task``.

    That is whoever it was handed to, whoever holds its role (also after handing it over, to take it back), the
    release manager and the service owner.
    """
    return person == task.owner or not roles.isdisjoint((task.role, RELEASE_MANAGER, OWNER))

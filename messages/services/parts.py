"""The parts of a service in a modal, with *Edit* beside those that one may edit. Labels are a contract."""

from collections.abc import Sequence

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, View, actions, button, context, modal, option, section, value
from messages.kit.inputs import select
from messages.kit.text import cut, say
from models.catalog.document import Material, Service
from models.catalog.roles import role_word
from models.services.edit import Editable
from models.services.sections import (
    ABOUT,
    APPROVAL,
    CRITERIA,
    GATES,
    ITEMS,
    PEOPLE,
    PLAN,
    REPORTED,
    RISK,
    SOURCES,
    TIMES,
    TRIAL,
    TYPE,
)
from models.time.spans import say_span

PARTS_VIEW = "service:parts"

PART = "service:part"

CHOOSE_TYPE = "service:type"

NAMES = {
    ABOUT: "Name and channel",
    PEOPLE: "People",
    TYPE: "Types of release",
    APPROVAL: "Waiting requests",
    RISK: "Risk",
    TIMES: "Windows and freezes",
    PLAN: "Plan",
    CRITERIA: "Criteria",
    ITEMS: "Configuration items",
    SOURCES: "Controlled sources",
    REPORTED: "Reported deployments",
    TRIAL: "Rules on trial",
}
"""The parts as people know them, in the order of the modal."""


def parts_view(one: Editable, changes: Sequence[str] | None = None) -> View:
    """The parts of a service to choose from, below the ``changes`` that were just saved."""
    service = one.service
    blocks: list[Block] = [section(say("services.heading", service=service))]
    if changes is not None:
        blocks = [*_saved(service.key, changes), {"type": "divider"}]
    blocks += [_part(service, part, may_edit=part in one.parts) for part in NAMES]
    if TYPE in one.parts:
        blocks.append(actions("more", button("Add a type of release", PART, _value(service, TYPE))))
    if set(NAMES) - one.parts:
        blocks.append(context(say("services.owners_parts")))
    return modal(PARTS_VIEW, "Edit the service", blocks, close="Close")


def _saved(key: str, changes: Sequence[str]) -> list[Block]:
    blocks: list[Block] = [section(say("services.edited", key=key, count=len(changes)))]
    if changes:
        blocks.append(rich.rich_text(rich.bullets(*change_lines(key, changes))))
    return blocks


def change_lines(key: str, changes: Sequence[str]) -> list[Element]:
    """Changes of the service ``key``, and how many more there are."""
    lines = [rich.line(cut(_short(key, change), 200)) for change in changes[: sizes.SERVICE_CHANGES]]
    if len(changes) > sizes.SERVICE_CHANGES:
        lines.append(rich.line(f"and {len(changes) - sizes.SERVICE_CHANGES} more"))
    return lines


def _short(key: str, change: str) -> str:
    """A change without the path that the form shows already."""
    return change.removeprefix(f"Service {key}, ").removeprefix("policy.").removeprefix("types.")


def _part(service: Service, part: str, *, may_edit: bool) -> Block:
    text = say("services.part", title=NAMES[part], summary=cut(_SUMMARIES[part](service), 200))
    if not may_edit:
        return section(text, block_id=part)
    return section(text, _type_menu(service) if part == TYPE else _edit(service, part), block_id=part)


def _edit(service: Service, part: str) -> Element:
    return button("Edit", PART, _value(service, part))


def _type_menu(service: Service) -> Element:
    types = [option(name, _value(service, TYPE, name)) for name in service.policy.types]
    return select(CHOOSE_TYPE, types, placeholder="Edit a type")


def _value(service: Service, part: str, item: str = "") -> str:
    return value(s=service.key, p=part, i=item)


def _about(service: Service) -> str:
    parts = [service.name, service.numbering]
    parts += [service.timezone] if service.timezone else []
    parts += [f"needs {', '.join(service.depends_on)}"] if service.depends_on else []
    return "; ".join(parts)


def _people(service: Service) -> str:
    return ", ".join(role_word(role) for role, held in service.roles.items() if held) or "owner only"


def _approval(service: Service) -> str:
    policy = service.policy.approval
    role = role_word(policy.escalate_to or "nobody")
    steps = [
        f"reminded after {say_span(policy.remind_after)}" if policy.remind_after else "",
        f"escalated after {say_span(policy.escalate_after)} to {role}" if policy.escalate_after else "",
        f"expire after {say_span(policy.expire_after)}" if policy.expire_after else "",
        "" if policy.one_rejection_stops else "one rejection does not stop them",
        "" if service.policy.material == Material() else "material changes of its own",
    ]
    return ", ".join(step for step in steps if step) or "wait as long as it takes"


def _times(service: Service) -> str:
    policy = service.policy
    windows = _counted(len(policy.windows), "window") if policy.windows else "any time"
    return f"{_counted(len(service.methods), 'method')}, {windows}, {_counted(len(policy.freezes), 'freeze')}"


def _plan(service: Service) -> str:
    tasks = service.policy.plan
    milestones = sum(task.milestone for task in tasks)
    return f"{_counted(len(tasks), 'task')}, {_counted(milestones, 'milestone')} among them" if tasks else "no task"


def _criteria(service: Service) -> str:
    entry, leave, support = (len(getattr(service.criteria, gate)) for gate in GATES)
    return f"{entry} to begin, {leave} to deploy, {support} to hand over"


def _items(service: Service) -> str:
    return ", ".join(f"{item.key} {item.version}" for item in service.configuration_items) or "none"


def _reported(service: Service) -> str:
    return ", ".join((*service.deployments.repositories, *service.deployments.applications)) or "none"


def _sources(service: Service) -> str:
    return ", ".join(service.policy.sources) or "builds may come from anywhere"


def _trial(service: Service) -> str:
    return ", ".join(service.policy.observe) or "none"


def _risk(service: Service) -> str:
    rules = f"{_counted(len(service.policy.risk), 'rule')} of its own"
    return f"{rules}, {', '.join(service.policy.soft)} waived" if service.policy.soft else rules


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


_SUMMARIES = {
    ABOUT: _about,
    PEOPLE: _people,
    TYPE: lambda service: ", ".join(service.policy.types),
    APPROVAL: _approval,
    RISK: _risk,
    TIMES: _times,
    PLAN: _plan,
    CRITERIA: _criteria,
    ITEMS: _items,
    SOURCES: _sources,
    REPORTED: _reported,
    TRIAL: _trial,
}

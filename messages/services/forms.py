"""The forms in which a service is edited, one for each of its parts. Labels and titles are a contract."""

from collections.abc import Callable, Mapping
from typing import Any

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, View, actions, button, confirm, context, modal, section, value
from messages.kit.inputs import Entered
from messages.kit.text import say
from messages.services.fields import Fields
from messages.services.parts import NAMES, change_lines
from messages.services.show import GATE_NAMES
from models.catalog.allowed_choices import CLEARANCE_CODES, FOR_INFORMATION, POLICY_RULES
from models.catalog.document import ReleaseType, Service
from models.catalog.roles import role_word
from models.services.approval_and_frequency_lines import approval_line, at_most_line
from models.services.edit import Editable, ServiceEdit
from models.services.edit_conflicts import EditConflict
from models.services.material_lines import material_lines
from models.services.risk_lines import RULE_EXAMPLE, approval_from_line, risk_line
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
    roles_held,
)
from models.services.task_and_item_lines import ITEM_EXAMPLE, TASK_EXAMPLE, item_text, task_text
from models.services.window_and_freeze_lines import freeze_line, window_line

SAVE = "service:save"

REMOVE_TYPE = "service:remove_type"

USUAL_ROLES = (
    "release_manager",
    "test_manager",
    "build_manager",
    "deployment_staff",
    "operations_lead",
    "els_lead",
)
"""The roles that the steps of a release need (docs/process.md#roles), offered before anybody holds them."""

_LENGTH = "For example 4h, 2d or 1w."


def part_form(
    one: Editable,
    part: str,
    item: str = "",
    entered: Entered | None = None,
    overtaken: EditConflict | None = None,
) -> View:
    """The form of one ``part``; of a type of release, the one of the type ``item``, or of a new type without it.

    ``entered`` is what somebody wrote while others changed the same, ``overtaken`` what those changed. Raises
    Refused where the part is too long for a form.
    """
    service, fields = one.service, Fields(entered)
    _FORMS[part](fields, service, item)
    blocks = _overtaken(overtaken) if overtaken else [context(say("services.form", service=service))]
    blocks += fields.blocks
    if part == TYPE and item in service.policy.types and len(service.policy.types) > 1:
        blocks.append(_removal(service, item, one.revision))
    metadata = {"s": service.key, "n": one.revision, "p": part, "i": item}
    return modal(SAVE, _title(part, item), blocks, submit="Save", metadata=metadata)


def editing_of(data: Mapping[str, Any]) -> ServiceEdit:
    """What is edited, from what the form or its button carries."""
    return ServiceEdit(str(data["s"]), int(data["n"]), str(data["p"]), str(data.get("i") or ""))


def _title(part: str, item: str) -> str:
    if part != TYPE:
        return NAMES[part]
    return "Type of release" if item else "New type of release"


def _overtaken(found: EditConflict) -> list[Block]:
    blocks: list[Block] = []
    for one in found.by[-3:]:
        blocks.append(section(say("services.overtaken", one=one, key=found.key)))
        blocks.append(rich.rich_text(rich.bullets(*change_lines(found.key, one.changes))))
    blocks.append(context(say("services.overtaken_now")))
    return blocks


def _removal(service: Service, item: str, revision: int) -> Block:
    sure = confirm(
        "Remove this type?", say("services.type_removal", service=service, item=item), "Remove", danger=True
    )
    data = value(s=service.key, n=revision, p=TYPE, i=item)
    return actions("removal", button("Remove this type", REMOVE_TYPE, data, "danger", sure))


def _about(fields: Fields, service: Service, _item: str) -> None:
    fields.line("name", "Name", service.name, optional=False, most=75)
    channels: Element = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"]},
    }
    hint = "Where the cards of its releases stand. One service each."
    fields.pick("channel", "Channel", channels, "initial_conversation", service.channel, hint=hint, optional=False)
    fields.line("timezone", "Time zone", service.timezone, "Such as Europe/Amsterdam. None means the catalog's.")
    fields.line("numbering", "Identifiers", service.numbering, "With {sequence}, {service}, {year} or {version}.")
    hint = "Keys of the services that this one needs, one a line."
    fields.lines("depends_on", "Depends on", service.depends_on, hint)


def _people(fields: Fields, service: Service, _item: str) -> None:
    if not service.owner.startswith("S"):
        owner = {"type": "users_select", "action_id": "value"}
        fields.pick("owner", "Owner", owner, "initial_user", service.owner, optional=False)
    picker: Element = {"type": "multi_users_select", "action_id": "value"}
    roles = list(dict.fromkeys((*service.roles, *USUAL_ROLES)))
    for role in roles[: sizes.FORM_ROLES]:
        held = service.roles.get(role, ())
        people = [one for one in held if not one.startswith("S")]
        groups = len(held) - len(people)
        hint = f"And {groups} user group{'s' if groups > 1 else ''}, named in the catalog." if groups else ""
        fields.pick(f"role:{role}", _label(role), picker, "initial_users", people, hint=hint)
    if len(roles) > sizes.FORM_ROLES:
        fields.blocks.append(context(say("services.more_roles", roles=roles[sizes.FORM_ROLES :])))


def _label(role: str) -> str:
    word = role_word(role)
    return word[:1].upper() + word[1:]


def _type(fields: Fields, service: Service, item: str) -> None:
    kind = service.policy.types.get(item)
    if not item:
        fields.line("type", "Name", "", "For example standard.", optional=False, most=40)
    else:
        fields.blocks.append(section(say("services.type", item=item)))
    _approvals(fields, "approvals", "Approvals", kind.approvals if kind else {}, service, optional=False)
    more = kind.approvals_from.items() if kind else ()
    lines = [approval_from_line(risk, *one) for risk, needed in more for one in needed.items()]
    hint = "What it takes at least from a risk on, one a line: high: owner: 2."
    fields.lines("approvals_from", "Approvals by risk", lines, hint)
    fields.line("notice", "Notice", kind.notice if kind else "", "How long before its window. For example 3d.")
    often = at_most_line(kind.at_most) if kind and kind.at_most else ""
    fields.line("at_most", "At most", often, "How often it may happen. For example 1 every 30d.")
    support = kind.early_life_support if kind else ""
    fields.line("early_life_support", "Early life support", support, f"How long after the deployment. {_LENGTH}")
    fields.lines("documents", "Documents", kind.documents if kind else (), "What it needs, one a line.")
    later = kind.afterwards if kind else None
    label = "Approvals afterwards"
    _approvals(fields, "afterwards", label, later.approvals if later else {}, service, optional=True)
    fields.line("within", "Afterwards within", later.within if later else "", f"After the approval. {_LENGTH}")
    _tasks(fields, "Tasks of this type", kind)


def _approvals(
    fields: Fields, name: str, label: str, held: Mapping[str, int], service: Service, *, optional: bool
) -> None:
    hint = "A role and how many of it, one a line: release_manager: 1."
    if name == "afterwards":
        hint = "For emergencies, given after the deployment: owner: 1."
    else:
        hint += f" Roles: {', '.join(roles_held(service))}."
    fields.lines(name, label, [approval_line(*one) for one in held.items()], hint, optional=optional)


def _tasks(fields: Fields, label: str, kind: ReleaseType | None) -> None:
    tasks = [task_text(one) for one in (kind.plan or ())] if kind else []
    fields.lines("plan", label, tasks, f"They come after the service's plan. One a line: {TASK_EXAMPLE}.")


def _approval(fields: Fields, service: Service, _item: str) -> None:
    policy = service.policy.approval
    working = "In the approver's working time."
    fields.line("remind_after", "Remind after", policy.remind_after, f"{_LENGTH} {working}")
    fields.line("escalate_after", "Escalate after", policy.escalate_after, _LENGTH)
    roles = ", ".join(roles_held(service))
    fields.line("escalate_to", "Escalate to", policy.escalate_to, f"A role: {roles}.")
    fields.line("expire_after", "Expire after", policy.expire_after, f"{_LENGTH} None means never.")
    answers = {"yes": "Ends the request", "no": "Leaves it open while approvals can be reached"}
    held = "yes" if policy.one_rejection_stops else "no"
    fields.choice("one_rejection_stops", "One rejection", answers, held)
    hint = "Roles that override what is softly in the way of a deployment, one a line."
    fields.lines("override_by", "Override by", service.policy.override_by, hint)
    hint = "When a change has everybody decide again, one a line: title: unless spelling. Or always, or never."
    fields.lines("material", "Material changes", material_lines(service.policy.material), hint)


def _plan(fields: Fields, service: Service, _item: str) -> None:
    hint = f"One a line: {TASK_EXAMPLE}. T is the start of the window; releases planned already keep their plans."
    fields.lines("plan", "Tasks", [task_text(one) for one in service.policy.plan], hint)


def _times(fields: Fields, service: Service, _item: str) -> None:
    policy = service.policy
    fields.lines(
        "methods", "Deployment methods", policy.deployment_methods, "One a line. None means the usual ones."
    )
    windows = "One a line: mon-thu 09:00-16:00. None means any time."
    fields.lines("windows", "Windows", map(window_line, policy.windows), windows)
    freezes = "One a line. Year end: hard 2026-12-18 to 2027-01-04. Month close: soft every month 28 29 30 31."
    fields.lines("freezes", "Freezes", map(freeze_line, policy.freezes), freezes)


def _sources(fields: Fields, service: Service, _item: str) -> None:
    hint = "Where builds may come from, one a line: github.com/harbour/* and all below. None means anywhere."
    fields.lines("sources", "Sources", service.policy.sources, hint)


def _trial(fields: Fields, service: Service, _item: str) -> None:
    names = ", ".join((*POLICY_RULES, *CLEARANCE_CODES))
    fields.blocks.append(section(say("services.trial", names=names)))
    fields.lines("observe", "Rules", service.policy.observe, "One a line.")


def _risk(fields: Fields, service: Service, _item: str) -> None:
    hint = f"They raise the risk, one a line: {RULE_EXAMPLE}. All of a line has to hold. Or method, or items."
    fields.lines("risk", "Rules", map(risk_line, service.policy.risk), hint)
    hint = f"Rules that need a waiver and are for information elsewhere: {', '.join(FOR_INFORMATION)}. One a line."
    fields.lines("soft", "Needs a waiver", service.policy.soft, hint)


def _criteria(fields: Fields, service: Service, _item: str) -> None:
    for gate in GATES:
        fields.lines(gate, GATE_NAMES[gate], getattr(service.criteria, gate), "One a line.")


def _items(fields: Fields, service: Service, _item: str) -> None:
    hint = (
        f"One a line: {ITEM_EXAMPLE}. Kinds: hardware, software, documentation, process. The last field says which "
        "versions of other items it works with, and may be left out."
    )
    fields.lines("items", "Configuration items", map(item_text, service.configuration_items), hint)


def _reported(fields: Fields, service: Service, _item: str) -> None:
    said = service.deployments
    hint = "Of GitHub and GitLab, one a line: acme/payments."
    fields.lines("repositories", "Repositories", said.repositories, hint)
    fields.lines("applications", "Applications", said.applications, "Of Argo CD, one a line: payments-prod.")
    fields.lines("production", "Production", said.production, "What they call production, one a line.")


_FORMS: Mapping[str, Callable[[Fields, Service, str], None]] = {
    ABOUT: _about,
    PEOPLE: _people,
    TYPE: _type,
    APPROVAL: _approval,
    TIMES: _times,
    PLAN: _plan,
    CRITERIA: _criteria,
    ITEMS: _items,
    REPORTED: _reported,
    SOURCES: _sources,
    TRIAL: _trial,
    RISK: _risk,
}

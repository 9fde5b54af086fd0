"""A service as people see it, and the forms in which those who may edit it. Labels and titles are a contract."""

from collections.abc import Mapping, Sequence
from typing import Any

from messages import rich
from messages.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    input_block,
    modal,
    section,
    text_input,
    value,
)
from messages.text import cut, say
from models.catalog.document import OWNER, ReleaseType, Service
from models.catalog.editing import CRITERIA, Editable
from models.catalog.roles import role_word
from models.catalog.service_text import freeze_line, window_line

EDIT_PEOPLE = "service:people"
EDIT_TIMES = "service:times"
EDIT_CRITERIA = "service:criteria"

ROLES = 40
"""Roles that a form offers; a modal takes a hundred blocks."""

USUAL_ROLES = (
    "release_manager",
    "test_manager",
    "build_manager",
    "deployment_staff",
    "operations_lead",
    "els_lead",
)
"""The roles that DOMAIN's process asks for; offered also where nobody holds them yet."""

TYPED = 3000
"""Characters that a field takes (SLACK, *Limits*)."""

SHOWN = 20
"""Entries of each list that are shown."""

_GATES = {"entry": "Entry criteria", "exit": "Exit criteria", "early_life_support": "Early life support criteria"}


def service_shown(one: Editable) -> Message:
    """One service for one person: people, policy and criteria, with what they may edit."""
    service = one.service
    text = say("service", service=service)
    blocks: list[Block] = [section(text), rich.rich_text(*_people(one)), rich.rich_text(*_policy(service))]
    criteria = _criteria(service)
    if criteria:
        blocks.append(rich.rich_text(*criteria))
    if one.may_edit:
        data = value(s=service.key, n=one.revision)
        blocks.append(
            actions(
                "verbs",
                button("Edit people", EDIT_PEOPLE, data),
                button("Edit windows and freezes", EDIT_TIMES, data),
                button("Edit criteria", EDIT_CRITERIA, data),
            )
        )
    else:
        blocks.append(context(say("service_editors")))
    return Message(text=text, blocks=blocks)


def service_edited(key: str, changes: Sequence[str]) -> Message:
    """What an edit came to."""
    text = say("service_edited", key=key, count=len(changes))
    shown = [rich.line(cut(change, 200)) for change in changes[:SHOWN]]
    blocks: list[Block] = [section(text)]
    if shown:
        blocks.append(rich.rich_text(rich.bullets(*shown)))
    return Message(text=text, blocks=blocks)


def people_form(service: Service, revision: int) -> dict[str, Any]:
    """*Edit people*: the owner and a field for each role; user groups are not shown and stay."""
    roles = dict.fromkeys((*service.roles, *USUAL_ROLES))
    owner = {"type": "users_select", "action_id": "value"}
    if service.owner.startswith("S"):
        fields = []
    else:
        fields = [input_block("owner", "Owner", {**owner, "initial_user": service.owner})]
    fields += [_role(service, role) for role in list(roles)[:ROLES]]
    return _form(EDIT_PEOPLE, "Edit people", service, revision, fields)


def times_form(service: Service, revision: int) -> dict[str, Any]:
    """*Edit windows*: methods, windows and freezes as text."""
    policy = service.policy
    windows = "\n".join(window_line(one) for one in policy.windows)
    freezes = "\n".join(freeze_line(one) for one in policy.freezes)
    return _form(
        EDIT_TIMES,
        "Windows and freezes",
        service,
        revision,
        [
            _lines("methods", "Deployment methods", ", ".join(policy.deployment_methods), "With commas between."),
            _lines("windows", "Windows", windows, "One a line: mon-thu 09:00-16:00. None means any time."),
            _lines(
                "freezes",
                "Freezes",
                freezes,
                "One a line. Year end: hard 2026-12-18 to 2027-01-04. Month close: soft every month 28 29 30 31.",
            ),
        ],
    )


def criteria_form(service: Service, revision: int) -> dict[str, Any]:
    """*Edit criteria*: those of each gate, one a line."""
    fields = [
        _lines(gate, _GATES[gate], "\n".join(getattr(service.criteria, gate)), "One a line.") for gate in CRITERIA
    ]
    return _form(EDIT_CRITERIA, "Edit criteria", service, revision, fields)


def _form(callback: str, title: str, service: Service, revision: int, fields: list[Block]) -> dict[str, Any]:
    intro = context(say("service_form", service=service))
    return modal(callback, title, [intro, *fields], submit="Save", metadata={"s": service.key, "n": revision})


def _role(service: Service, role: str) -> Block:
    people = [one for one in service.roles.get(role, ()) if not one.startswith("S")]
    element: Element = {"type": "multi_users_select", "action_id": "value"}
    if people:
        element["initial_users"] = people
    groups = len(service.roles.get(role, ())) - len(people)
    hint = f"And {groups} user group{'s' if groups > 1 else ''}, named in the catalog." if groups else ""
    return input_block(f"role:{role}", role_word(role).capitalize(), element, optional=True, hint=hint)


def _lines(name: str, label: str, initial: str, hint: str) -> Block:
    element = text_input(initial=cut(initial, TYPED), multiline=True, max_length=TYPED)
    return input_block(name, label, element, optional=True, hint=hint)


def _people(one: Editable) -> list[Element]:
    service = one.service
    lines = [_holders(OWNER, (service.owner,), one.called)]
    lines += [_holders(role, held, one.called) for role, held in service.roles.items() if held]
    return [rich.line(rich.words("People", bold=True)), rich.bullets(*lines)]


def _holders(role: str, held: Sequence[str], called: Mapping[str, str]) -> Element:
    elements: list[Element | str] = [f"{role_word(role)}: "]
    for position, subject in enumerate(held[:SHOWN]):
        elements += [", "] if position else []
        elements.append(rich.person(subject) if subject.startswith("S") else called.get(subject, subject))
    if len(held) > SHOWN:
        elements.append(f" and {len(held) - SHOWN} more")
    return rich.line(*elements)


def _policy(service: Service) -> list[Element]:
    policy = service.policy
    lines = [rich.line(rich.words(name, bold=True), f": {_type(kind)}") for name, kind in policy.types.items()]
    lines.append(rich.line(f"methods: {', '.join(service.methods)}"))
    lines += [rich.line(f"window: {window_line(one)}") for one in policy.windows[:SHOWN]]
    lines += [rich.line(f"freeze: {freeze_line(one)}") for one in policy.freezes[:SHOWN]]
    return [rich.line(rich.words("Policy", bold=True)), rich.bullets(*lines)]


def _type(kind: ReleaseType) -> str:
    approvals = ", ".join(f"{count} {role_word(role)}" for role, count in kind.approvals.items())
    parts = [f"notice {kind.notice}", f"approved by {approvals}"]
    if kind.early_life_support:
        parts.append(f"early life support {kind.early_life_support}")
    return ", ".join(parts)


def _criteria(service: Service) -> list[Element]:
    found: list[Element] = []
    for gate in CRITERIA:
        texts = getattr(service.criteria, gate)
        if texts:
            found.append(rich.line(rich.words(_GATES[gate], bold=True)))
            found.append(rich.bullets(*[rich.line(cut(one, 300)) for one in texts[:SHOWN]]))
    return found

"""A service in one message: people, policy and criteria."""

from collections.abc import Mapping, Sequence

from messages.kit import rich, signs, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, context, section, value
from messages.kit.text import cut, say
from models.catalog.document import OWNER, ReleaseType, Service
from models.catalog.roles import role_word
from models.freezes.records import FreezeShown
from models.services.edit import Editable
from models.services.risk_lines import risk_line
from models.services.sections import GATES
from models.services.window_and_freeze_lines import freeze_line, window_line
from models.time.spans import say_span

EDIT = "service:edit"

GATE_NAMES = {
    "entry": "Entry criteria",
    "exit": "Exit criteria",
    "early_life_support": "Early life support criteria",
}


def service_shown(one: Editable) -> Message:
    """One service for one person, with *Edit* if they may."""
    service = one.service
    text = say("services.heading", service=service)
    blocks: list[Block] = [section(text)]
    if one.frozen:
        blocks.append(rich.rich_text(rich.bullets(*map(_frozen, one.frozen[: sizes.FREEZES_TO_LIFT]))))
    blocks += [rich.rich_text(*_people(one)), rich.rich_text(*_policy(service))]
    criteria = _criteria(service)
    if criteria:
        blocks.append(rich.rich_text(*criteria))
    if one.parts:
        blocks.append(actions("verbs", button("Edit", EDIT, value(s=service.key))))
    else:
        blocks.append(context(say("services.editors")))
    return Message(text=text, blocks=blocks)


def _frozen(one: FreezeShown) -> Element:
    what = "frozen" if one.service else "frozen with all services"
    said = f", by {cut(one.by, 40)}: {cut(one.reason, 200)}"
    return rich.line(
        rich.emoji(signs.FREEZE), " ", rich.words(what, bold=True), " until ", rich.date(one.ends_at), said
    )


def _type(kind: ReleaseType) -> str:
    approvals = ", ".join(f"{count} {role_word(role)}" for role, count in kind.approvals.items())
    parts = [f"notice {say_span(kind.notice)}", f"approved by {approvals}"]
    for risk, more in kind.approvals_from.items():
        needed = ", ".join(f"{count} {role_word(role)}" for role, count in more.items())
        parts.append(f"at {risk} risk by {needed}")
    if kind.early_life_support:
        parts.append(f"early life support {say_span(kind.early_life_support)}")
    if kind.at_most:
        parts.append(f"at most {kind.at_most.count} every {say_span(kind.at_most.every)}")
    if kind.afterwards:
        later = ", ".join(f"{count} {role_word(role)}" for role, count in kind.afterwards.approvals.items())
        parts.append(f"then within {say_span(kind.afterwards.within)} by {later}")
    if kind.documents:
        parts.append(f"with {', '.join(kind.documents)}")
    return ", ".join(parts)


def _people(one: Editable) -> list[Element]:
    service = one.service
    lines = [_holders(role, service, one.called) for role in (OWNER, *service.roles) if service.named(role)]
    return [rich.line(rich.words("People", bold=True)), rich.bullets(*_first(lines, sizes.SERVICE_ROLES, "roles"))]


def _first(lines: Sequence[Element], most: int, what: str) -> list[Element]:
    """The first of ``lines``, and how many more of ``what`` there are."""
    if len(lines) <= most:
        return list(lines)
    return [*lines[:most], rich.line(f"and {len(lines) - most} more {what} in the catalog")]


def _holders(role: str, service: Service, called: Mapping[str, str]) -> Element:
    """Those whom the catalog names; of people who left, and the like, that they hold no right."""
    elements: list[Element | str] = [f"{role_word(role)}: "]
    held = service.named(role)
    for position, subject in enumerate(held[: sizes.SERVICE_HOLDERS]):
        elements += [", "] if position else []
        name = cut(called.get(subject, subject), 40)
        elements.append(rich.person(subject) if subject.startswith("S") else name)
        if subject in service.barred:
            elements.append(" (holds no right any more)")
    if len(held) > sizes.SERVICE_HOLDERS:
        elements.append(f" and {len(held) - sizes.SERVICE_HOLDERS} more")
    return rich.line(*elements)


def _policy(service: Service) -> list[Element]:
    policy = service.policy
    types = policy.types.items()
    said = [rich.line(rich.words(name, bold=True), f": {cut(_type(kind), 200)}") for name, kind in types]
    lines = _first(said, sizes.SERVICE_ENTRIES, "types of release")
    lines.append(rich.line(f"methods: {cut(', '.join(service.methods), 300)}"))
    windows = [rich.line(f"window: {window_line(one)}") for one in policy.windows]
    lines += _first(windows, sizes.SERVICE_ENTRIES, "windows")
    freezes = [rich.line(f"freeze: {cut(freeze_line(one), 120)}") for one in policy.freezes]
    lines += _first(freezes, sizes.SERVICE_ENTRIES, "freezes")
    risks = [rich.line(f"risk: {cut(risk_line(one), 200)}") for one in policy.risk]
    lines += _first(risks, sizes.SERVICE_ENTRIES, "rules of risk")
    if policy.soft:
        lines.append(rich.line(f"needs a waiver: {cut(', '.join(policy.soft), 300)}"))
    if policy.observe:
        lines.append(rich.line(f"on trial: {cut(', '.join(policy.observe), 300)}"))
    if policy.sources:
        lines.append(rich.line(f"builds from: {cut(', '.join(policy.sources), 300)}"))
    if service.depends_on:
        lines.append(rich.line(f"needs: {cut(', '.join(service.depends_on), 300)}"))
    return [rich.line(rich.words("Policy", bold=True)), rich.bullets(*lines)]


def _criteria(service: Service) -> list[Element]:
    found: list[Element] = []
    for gate in GATES:
        texts = getattr(service.criteria, gate)
        if texts:
            found.append(rich.line(rich.words(GATE_NAMES[gate], bold=True)))
            lines = [rich.line(cut(one, 150)) for one in texts]
            found.append(rich.bullets(*_first(lines, sizes.SERVICE_CRITERIA, "criteria")))
    return found

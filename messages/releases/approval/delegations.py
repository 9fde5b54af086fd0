"""Standing in for somebody: the form, the list, and what whoever stands in is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from messages.kit import rich
from messages.kit.blocks import (
    SELECT_LIMIT,
    Block,
    Element,
    Message,
    button,
    input_block,
    modal,
    option,
    plain_text,
    section,
    text_input,
    value,
)
from messages.kit.text import cut, say
from models.catalog.document import Catalog
from models.releases.approval.delegations import REASON_LIMIT, DelegationLine

FORM = "delegation:form"

STOP = "delegation:stop"


def delegation_form(catalog: Catalog, entered: Mapping[str, Any], nonce: str) -> dict[str, Any]:
    """*Delegate approvals*, with what is ``entered`` so far; ``nonce`` makes submitting it twice harmless."""
    person: Element = {
        "type": "users_select",
        "action_id": "value",
        "placeholder": plain_text("Choose a person", 150),
    }
    if entered.get("delegate"):
        person["initial_user"] = entered["delegate"]
    blocks = [
        section(say("approval.delegation_intro")),
        input_block("delegate", "Stands in for you", person),
        _day("from", "From", entered),
        _day("until", "Until", entered),
        _services(catalog, entered),
        input_block("reason", "Reason", text_input(multiline=True, max_length=REASON_LIMIT), optional=True),
    ]
    return modal(FORM, "Delegate approvals", blocks, submit="Delegate", metadata={"f": nonce})


def delegation_made(line: DelegationLine) -> Message:
    """What to tell whoever has delegated."""
    text = say("approval.delegation_made", line=line)
    return Message(text=text, blocks=[section(text)])


def delegations(lines: Sequence[DelegationLine], person: str) -> Message:
    """What ``person`` has delegated and whom they stand in for, each with *Stop*."""
    if not lines:
        text = say("approval.delegation_none")
        return Message(text=text, blocks=[section(text)])
    text = say("approval.delegation_list", count=len(lines))
    return Message(text=text, blocks=[section(text), *(_entry(one, person) for one in lines)])


def stopped(lines: Sequence[DelegationLine]) -> Message:
    """What to tell whoever has stopped a delegation."""
    text = say("approval.delegation_stopped", people=[one.delegate_name for one in lines])
    return Message(text=text, blocks=[section(text)])


def render(line: DelegationLine) -> Message:
    """What whoever stands in is told, and that it ended."""
    text = say("approval.delegation", line=line)
    blocks = [section(text, None if line.stopped else button("Stop", STOP, value(d=line.id)))]
    if line.reason:
        blocks.append(rich.rich_text(rich.quote(line.reason, REASON_LIMIT)))
    return Message(text=text, blocks=blocks)


def _entry(line: DelegationLine, person: str) -> Block:
    text = say("approval.delegation_line", line=line, mine=line.delegator == person)
    return section(text, button("Stop", STOP, value(d=line.id)))


def _day(name: str, label: str, entered: Mapping[str, Any]) -> Block:
    picker: Element = {"type": "datepicker", "action_id": "value"}
    if entered.get(name):
        picker["initial_date"] = entered[name]
    return input_block(name, label, picker, optional=True)


def _services(catalog: Catalog, entered: Mapping[str, Any]) -> Block:
    """A menu, or a field to type keys in where there are more services than a menu holds."""
    chosen = [str(key) for key in entered.get("services") or ()]
    if not 0 < len(catalog.services) <= SELECT_LIMIT:
        field = text_input(initial=", ".join(chosen), placeholder="PAY, WEB")
        return input_block("services", "Services", field, optional=True, hint="Keys of services; none means all.")
    options = [option(cut(f"{one.name} ({one.key})", 75), one.key) for one in catalog.services]
    menu: Element = {"type": "multi_static_select", "action_id": "value", "options": options}
    initial = [one for one in options if one["value"] in chosen]
    if initial:
        menu["initial_options"] = initial
    return input_block("services", "Services", menu, optional=True, hint="None means all.")

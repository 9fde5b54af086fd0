"""Standing in for somebody: the form, the list, and the message to the person who stands in."""

from collections.abc import Sequence

from messages.kit import rich, slack_limits
from messages.kit.blocks import Block, Element, Message, View, button, modal, option, paragraph, section, value
from messages.kit.inputs import Entered, input_block, multi_select, person_picker, text_area, text_input
from messages.kit.text import say
from models.catalog.document import Catalog
from models.limits import REASON_LIMIT
from models.releases.approval.standing_in.delegations import DelegationLine

FORM = "delegation:form"

STOP = "delegation:stop"


def delegation_form(catalog: Catalog, entered: Entered, nonce: str) -> View:
    """*Delegate approvals*; ``nonce`` makes submitting it twice harmless."""
    blocks = [
        section(say("approval.delegation_intro")),
        input_block("delegate", "Stands in for you", person_picker(entered.get("delegate"))),
        _day("from", "From", entered),
        _day("until", "Until", entered),
        _services(catalog, entered),
        input_block("reason", "Reason", text_area(limit=REASON_LIMIT), optional=True),
    ]
    return modal(FORM, "Delegate approvals", blocks, submit="Delegate", metadata={"f": nonce})


def delegation_made(line: DelegationLine) -> Message:
    """The answer to the person who has delegated."""
    return paragraph(say("approval.delegation_made", line=line))


def delegations(lines: Sequence[DelegationLine], person: str) -> Message:
    """What ``person`` has delegated and whom they stand in for, each with *Stop*."""
    if not lines:
        return paragraph(say("approval.delegation_none"))
    text = say("approval.delegation_list", count=len(lines))
    return Message(text=text, blocks=[section(text), *(_entry(one, person) for one in lines)])


def stopped(lines: Sequence[DelegationLine]) -> Message:
    """The answer to the person who has stopped these delegations."""
    return paragraph(say("approval.delegation_stopped", people=[one.delegate_name for one in lines]))


def render(line: DelegationLine) -> Message:
    """The message to the person who stands in; once it is stopped, that it is."""
    text = say("approval.delegation", line=line)
    blocks = [section(text, None if line.stopped else button("Stop", STOP, value(d=line.id)))]
    if line.reason:
        blocks.append(rich.rich_text(rich.quote(line.reason, REASON_LIMIT)))
    return Message(text=text, blocks=blocks)


def _entry(line: DelegationLine, person: str) -> Block:
    text = say("approval.delegation_line", line=line, mine=line.delegator == person)
    return section(text, button("Stop", STOP, value(d=line.id)))


def _day(name: str, label: str, entered: Entered) -> Block:
    picker: Element = {"type": "datepicker", "action_id": "value"}
    if entered.get(name):
        picker["initial_date"] = entered[name]
    return input_block(name, label, picker, optional=True)


def _services(catalog: Catalog, entered: Entered) -> Block:
    """A menu, or a field for keys where there are more services than a menu holds."""
    chosen = [str(key) for key in entered.get("services") or ()]
    if not 0 < len(catalog.services) <= slack_limits.MENU_OPTIONS:
        field = text_input(initial=", ".join(chosen), placeholder="PAY, WEB")
        return input_block("services", "Services", field, optional=True, hint="Keys of services; none means all.")
    options = [option(f"{one.name} ({one.key})", one.key) for one in catalog.services]
    menu = multi_select(options, [one for one in options if one["value"] in chosen])
    return input_block("services", "Services", menu, optional=True, hint="None means all.")

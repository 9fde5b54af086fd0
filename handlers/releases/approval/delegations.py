"""Having somebody stand in for approvals: ``/release delegate``."""

from datetime import date

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, new_nonce, written
from handlers.dispatch.registry import Registry
from messages.releases.approval.delegations import (
    FORM,
    STOP,
    delegation_form,
    delegation_made,
    delegations,
    stopped,
)
from models.people.zones import person_zone
from models.releases.approval import delegations as delegating
from models.releases.approval.delegation_arguments import parse_delegation, person_named
from models.releases.approval.delegations import DelegationForm


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb(
        "/release",
        "delegate",
        "[@person] [from] [until] [service] | list | stop [@person]",
        help="have somebody approve in your place, for some days or whenever you are away",
    )(delegate)
    registry.view(FORM)(submit)
    registry.action(STOP)(stop_one)


async def delegate(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Delegate approvals* with what was typed; or list, or stop."""
    verb, _, rest = incoming.text.strip().partition(" ")
    if verb.casefold() == "list":
        return await _list(desk, incoming)
    if verb.casefold() == "stop":
        return await _stop(desk, incoming, rest)
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        zone = await person_zone(session, incoming.person, catalog.zone())
        today = desk.clock.now().astimezone(zone).date()
        entered = await parse_delegation(session, incoming.text, catalog, today)
    return Open(delegation_form(catalog, entered, new_nonce()))


async def submit(desk: Desk, incoming: Incoming) -> Answer:
    """Make the delegation and say so."""
    fields = incoming.fields
    form = DelegationForm(
        delegate=written(fields, "delegate"),
        first_day=_day(fields.get("from")),
        last_day=_day(fields.get("until")),
        services=_keys(fields.get("services")),
        reason=written(fields, "reason"),
    )
    nonce = str(incoming.metadata["f"])
    line = await delegating.delegate_approvals(desk.work, desk.catalogs, incoming.actor, form, nonce)
    return Tell(delegation_made(line))


async def stop_one(desk: Desk, incoming: Incoming) -> Answer:
    """Stop the delegation that the button names."""
    line = await delegating.stop_delegation(desk.work, incoming.actor, int(incoming.value["d"]))
    return Tell(stopped([line]))


async def _list(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.database.reading() as session:
        lines = await delegating.delegations_of(session, incoming.person, desk.clock.now())
    return Tell(delegations(lines, incoming.person))


async def _stop(desk: Desk, incoming: Incoming, whom: str) -> Answer:
    async with desk.work.database.reading() as session:
        person = await person_named(session, whom) if whom.strip() else ""
    return Tell(stopped(await delegating.stop_delegations(desk.work, incoming.actor, person)))


def _day(entered: object) -> date | None:
    return date.fromisoformat(str(entered)) if entered else None


def _keys(entered: object) -> tuple[str, ...]:
    if isinstance(entered, list):
        return tuple(str(key) for key in entered)
    return tuple(str(entered or "").replace(",", " ").split())

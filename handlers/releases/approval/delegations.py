"""Having somebody stand in for approvals: ``/release delegate``."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from messages.releases.approval import delegations as shown
from models.people.time_zones import person_zone
from models.releases.approval.standing_in import delegations
from models.releases.approval.standing_in.delegation_arguments import parse_delegation, person_named
from models.releases.approval.standing_in.delegations import DelegationForm


@command(
    "/release",
    "delegate",
    "[@person] [from] [until] [service] | list | stop [@person]",
    help="have somebody approve in your place, for some days or whenever you are away",
)
async def delegate(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Delegate approvals* with what was typed; or list, or stop."""
    verb, _, rest = incoming.text.strip().partition(" ")
    if verb.casefold() == "list":
        return await _list(desk, incoming)
    if verb.casefold() == "stop":
        return await _stop(desk, incoming, rest)
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        zone = await person_zone(snapshot.session, incoming.person, catalog.zone())
        today = snapshot.now.astimezone(zone).date()
        entered = await parse_delegation(snapshot.session, incoming.text, catalog, today)
    return Open(shown.delegation_form(catalog, entered, new_nonce()))


@view(shown.FORM)
async def submit_delegation(desk: Desk, incoming: Incoming) -> Answer:
    fields = incoming.fields
    form = DelegationForm(
        delegate=fields.text("delegate"),
        first_day=fields.day("from"),
        last_day=fields.day("until"),
        services=fields.several("services"),
        reason=fields.text("reason"),
    )
    line = await delegations.delegate_approvals(desk.work, incoming.actor, form, incoming.nonce)
    return Tell(shown.delegation_made(line))


@action(shown.STOP)
async def stop_delegation(desk: Desk, incoming: Incoming) -> Answer:
    line = await delegations.stop_delegation(desk.work, incoming.actor, int(incoming.value["d"]))
    return Tell(shown.stopped([line]))


async def _list(desk: Desk, incoming: Incoming) -> Answer:
    async with desk.work.reading() as snapshot:
        lines = await delegations.delegations_of(snapshot.session, incoming.person, snapshot.now)
    return Tell(shown.delegations(lines, incoming.person))


async def _stop(desk: Desk, incoming: Incoming, delegate_name: str) -> Answer:
    async with desk.work.reading() as snapshot:
        person = await person_named(snapshot.session, delegate_name) if delegate_name.strip() else ""
    return Tell(shown.stopped(await delegations.stop_delegations(desk.work, incoming.actor, person)))

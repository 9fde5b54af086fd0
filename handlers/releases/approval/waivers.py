"""What policy says while a release is requested or edited, and waiving what it has against one."""

from handlers.dispatch.answers import Answer, Change, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from handlers.releases.request.request import form_of
from messages.releases.action_ids import WAIVE
from messages.releases.approval.waivers import WAIVE_FORM, waive_form
from messages.releases.request.form import CHECKED, EDIT_FORM, Editing, edit_form, request_form
from models.releases.approval.waivers import waivable, waive
from models.releases.card.records import PolicyFinding
from models.releases.policy.proposals import Check
from models.releases.policy.rules.findings import EVERYTHING
from models.releases.request.preview import RequestSoFar, preview


def register(registry: Registry) -> None:
    """Name what this module answers."""
    for action in CHECKED:
        registry.action(action)(check_form)
    registry.action(WAIVE)(open_waive)
    registry.view(WAIVE_FORM)(submit_waive)


async def check_form(desk: Desk, incoming: Incoming) -> Answer:
    """Show what policy says of the form as it stands; what is typed stays."""
    about = incoming.metadata
    entered = {**incoming.fields, "service": about.get("s") or incoming.fields.get("service")}
    check = await _check(desk, incoming, str(entered["service"] or ""), int(about.get("r", 0)))
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
    if incoming.view.get("callback_id") != EDIT_FORM:
        return Change(request_form(catalog, entered, str(about["f"]), check))
    editing = Editing(int(about["r"]), int(about["n"]), str(about["i"]), bool(about["u"]))
    return Change(edit_form(catalog, entered, editing, check))


async def open_waive(desk: Desk, incoming: Incoming) -> Answer:
    """Ask an approver of the release why it is waived."""
    release_id, round_ = int(incoming.value["r"]), int(incoming.value["n"])
    identifier, rows = await waivable(desk.work, desk.catalogs, incoming.actor, release_id, round_)
    findings = [PolicyFinding(row.id, row.sentence, "", "") for row in rows]
    return Open(waive_form(identifier, findings, release_id, round_))


async def submit_waive(desk: Desk, incoming: Incoming) -> Answer:
    """Record the waiver; the card shows it."""
    about, fields = incoming.metadata, incoming.fields
    reason, finding = written(fields, "reason"), int(fields.get("finding") or EVERYTHING)
    await waive(desk.work, desk.catalogs, incoming.actor, int(about["r"]), int(about["n"]), reason, finding)
    return Nothing()


async def _check(desk: Desk, incoming: Incoming, service: str, release_id: int) -> Check | None:
    form = form_of(incoming.fields, service)
    asked = RequestSoFar(
        service=service,
        type=form.type,
        method=form.method,
        start=form.window_start,
        end=form.window_end,
        items=form.items,
        release_id=release_id,
    )
    return await preview(desk.work, desk.catalogs, incoming.person, asked)

from dataclasses import dataclass

from sqlmodel import select

from models.catalog.numbering import fold_identifier
from models.catalog.revisions import hold_revision
from models.events import Actor
from models.lifecycle.identifiers import next_identifier
from models.lifecycle.lifecycle import begin
from models.lifecycle.tables.release import Release
from models.packages.store import add_items
from models.releases.activities import step as activities
from models.releases.approval.rounds.store import begin_round
from models.releases.policy.observed_stops import REQUEST, record_observed_stops, refused_but_for_trial
from models.releases.policy.stored_findings import store_findings
from models.releases.request.events import ReleaseRequested
from models.releases.request.form import CheckedRequest, RequestForm, check_request
from models.releases.request.judging import judge_in_turn, refuse_violations
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Requested:
    id: int
    identifier: str


async def request_release(work: UnitOfWork, actor: Actor, form: RequestForm, nonce: str) -> Requested:
    """Make a release from ``form``.

    ``nonce`` names the opened form: submitting it twice makes one release. Raises
    :class:`~models.errors.Invalid` with every field that is wrong, or with every hard finding of policy; then no
    number is taken.
    """
    async with work(actor) as tx:
        if await tx.once("request", nonce):
            return await _make(tx, form, nonce)
        made = (await tx.session.exec(select(Release).where(Release.form == nonce))).one()
        return Requested(made.id, made.identifier)


async def _make(tx: Transaction, form: RequestForm, nonce: str) -> Requested:
    await hold_revision(tx.session)
    catalog = await tx.catalog()
    request = check_request(form, catalog, tx.now)
    year = tx.now.astimezone(catalog.zone(request.service)).year
    judged = await judge_in_turn(tx, catalog, request, tx.actor.person, tx.now)
    refuse_violations(judged.findings)
    identifier = await next_identifier(tx, request.service, request.type, year)
    release = _release(tx, request, identifier, nonce)
    tx.session.add(release)
    await tx.session.flush()
    await begin_round(tx, catalog, release, risk=judged.risk)
    await activities.begin_activities(tx, release, request.service)
    made = Requested(release.id, release.identifier)
    await store_findings(tx, made.id, judged.findings)
    await record_observed_stops(tx, release, REQUEST, refused_but_for_trial(judged.findings))
    add_items(tx, made.id, request.items)
    tx.record(
        ReleaseRequested(
            subject=made.id,
            release_id=made.id,
            identifier=made.identifier,
            channel=request.service.channel,
        )
    )
    return made


def _release(tx: Transaction, request: CheckedRequest, identifier: str, nonce: str) -> Release:
    return begin(
        Release(
            identifier=identifier,
            name=fold_identifier(identifier),
            service=request.service.key,
            type=request.type,
            title=request.title,
            description=request.description,
            changes=request.changes,
            window_start=request.window_start,
            window_end=request.window_end,
            method=request.method,
            back_out_plan=request.back_out_plan,
            requester=tx.actor.person,
            state="",
            form=nonce,
            requested_at=tx.now,
            state_since=tx.now,
        )
    )

"""Delegating one's approvals: docs/process.md#standing-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.tables.approvals import Delegation
from models.limits import REASON_LIMIT
from models.membership.tables import Person
from models.people.directory import names, roles_of
from models.people.outsiders import OUTSIDER
from models.people.time_zones import person_zone
from models.releases.approval.events import ApprovalsDelegated, DelegationStopped
from models.unit_of_work import Transaction, UnitOfWork

SHOWN = 20
"""Delegations that a list shows."""


@dataclass(frozen=True, slots=True)
class DelegationForm:
    """The days are the delegator's, both included."""

    delegate: str
    first_day: date | None = None
    last_day: date | None = None
    services: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DelegationLine:
    id: int
    delegator: str
    delegate: str
    delegator_name: str
    delegate_name: str
    starts_at: datetime | None
    ends_at: datetime | None
    services: tuple[str, ...]
    reason: str
    stopped: bool = False


async def delegate_approvals(work: UnitOfWork, actor: Actor, form: DelegationForm, nonce: str) -> DelegationLine:
    """Have ``form.delegate`` stand in for ``actor``; they are told.

    Without days it holds whenever the actor's Slack status says that they are away. ``nonce`` names the opened
    form: submitting it twice makes one delegation. Raises :class:`~models.errors.Invalid` with every field that is
    wrong and :class:`~models.errors.Refused` for somebody who has no role to be stood in for.
    """
    async with work(actor) as tx:
        if await tx.once("delegation", nonce):
            made = await _make(tx, await tx.catalog(), form, nonce)
        else:
            made = (await tx.session.exec(select(Delegation).where(Delegation.form == nonce))).one()
        return (await _lines(tx.session, [made]))[0]


async def stop_delegations(work: UnitOfWork, actor: Actor, delegate: str = "") -> list[DelegationLine]:
    """Stop the actor's delegations, to everybody or to ``delegate``. Returns those that were stopped."""
    async with work(actor) as tx:
        query = _current(tx.now).where(col(Delegation.delegator) == actor.person).with_for_update()
        rows = [one for one in (await tx.session.exec(query)).all() if delegate in ("", one.delegate)]
        for one in rows:
            _stop(tx, one)
        return await _lines(tx.session, rows)


async def stop_delegation(work: UnitOfWork, actor: Actor, delegation_id: int) -> DelegationLine:
    """Stop one delegation; twice is once.

    Raises :class:`~models.errors.Refused` for anybody but the two people it is between.
    """
    async with work(actor) as tx:
        row = await tx.session.get(Delegation, delegation_id, with_for_update=True)
        if row is None:
            raise NotFound("This delegation is not in the database any more.")
        if actor.person not in (row.delegator, row.delegate):
            raise Refused("A delegation is stopped by whoever made it or by whoever stands in.")
        if row.stopped_at is None:
            _stop(tx, row)
        return (await _lines(tx.session, [row]))[0]


async def delegations_of(session: AsyncSession, person: str, now: datetime) -> list[DelegationLine]:
    """The delegations by and to ``person``, now or later; :data:`SHOWN` at most."""
    query = _current(now).where(or_(col(Delegation.delegator) == person, col(Delegation.delegate) == person))
    return await _lines(session, (await session.exec(query.limit(SHOWN))).all())


async def delegation(session: AsyncSession, delegation_id: int) -> DelegationLine | None:
    """Stopped or not."""
    row = await session.get(Delegation, delegation_id)
    return (await _lines(session, [row]))[0] if row else None


def delegation_days(
    first: date | None, last: date | None, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """When the first day begins and the last one ends in ``zone``; None where there is no day."""
    start = datetime.combine(first, time(), zone) if first else None
    end = datetime.combine(last + timedelta(days=1), time(), zone) if last else None
    return start, end


async def _make(tx: Transaction, catalog: Catalog, form: DelegationForm, nonce: str) -> Delegation:
    me = tx.actor.person
    if not [one for one in catalog.services if await roles_of(tx.session, one, me)]:
        raise Refused("The catalog names you in no role, so there is nothing that somebody could stand in for.")
    start, end = delegation_days(form.first_day, form.last_day, await person_zone(tx.session, me, catalog.zone()))
    services = {key.casefold(): key for key in catalog.by_key}
    problems = {
        "delegate": await _delegate_problem(tx, catalog, form.delegate),
        "until": _end_problem(start, end, tx.now),
        "services": _services_problem(form.services, services),
        "reason": f"{REASON_LIMIT:,} characters are the most." if len(form.reason) > REASON_LIMIT else "",
    }
    wrong = {name: sentence for name, sentence in problems.items() if sentence}
    if wrong:
        raise Invalid(wrong)
    row = Delegation(
        delegator=me,
        delegate=form.delegate,
        starts_at=start,
        ends_at=end,
        services=list(dict.fromkeys(services[key.casefold()] for key in form.services)),
        reason=form.reason.strip(),
        form=nonce,
        made_at=tx.now,
    )
    tx.session.add(row)
    await tx.session.flush()
    tx.record(
        ApprovalsDelegated(
            subject=row.id,
            grounds=row.reason,
            delegator=me,
            delegate=row.delegate,
            starts_at=start.isoformat() if start else "",
            ends_at=end.isoformat() if end else "",
            services=tuple(row.services),
        )
    )
    return row


async def _delegate_problem(tx: Transaction, catalog: Catalog, delegate: str) -> str:
    if not delegate:
        return "Choose who stands in for you."
    if delegate == tx.actor.person:
        return "You cannot stand in for yourself. Choose somebody else."
    known = await tx.session.get(Person, delegate)
    if known is not None and not known.active:
        return f"{known.name} is no longer active in Slack. Choose somebody else."
    if known is not None and delegate in catalog.barred:
        return f"{known.name} is {OUTSIDER[known.kind]}, who can't stand in for anybody. Choose somebody else."
    return ""


def _end_problem(start: datetime | None, end: datetime | None, now: datetime) -> str:
    if end is None:
        return ""
    if end <= now:
        return "This day has passed. Choose a later one."
    return "This is before the first day. Choose a later one." if start and end <= start else ""


def _services_problem(keys: Sequence[str], known: dict[str, str]) -> str:
    unknown = [key for key in keys if key.casefold() not in known]
    if not unknown:
        return ""
    return f"There is no service {unknown[0][:40]!r}. Services: {', '.join(list(known.values())[:50])}."


def _stop(tx: Transaction, row: Delegation) -> None:
    row.stopped_at = tx.now
    tx.record(DelegationStopped(subject=row.id, delegator=row.delegator, delegate=row.delegate))


def _current(now: datetime):  # type: ignore[no-untyped-def]
    """Those that aren't over."""
    not_over = or_(col(Delegation.ends_at).is_(None), col(Delegation.ends_at) > now)
    return select(Delegation).where(col(Delegation.stopped_at).is_(None), not_over).order_by(col(Delegation.id))


async def _lines(session: AsyncSession, rows: Sequence[Delegation]) -> list[DelegationLine]:
    called = await names(session, {person for one in rows for person in (one.delegator, one.delegate)})
    return [
        DelegationLine(
            id=one.id,
            delegator=one.delegator,
            delegate=one.delegate,
            delegator_name=called.get(one.delegator, one.delegator),
            delegate_name=called.get(one.delegate, one.delegate),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            services=tuple(one.services),
            reason=one.reason,
            stopped=one.stopped_at is not None,
        )
        for one in rows
    ]

"""Naming the people who keep a service running during a deployment (docs/process.md#sustaining-people)."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import Invalid
from models.events import Actor
from models.lifecycle.tables.plan import SustainingPerson
from models.limits import SUSTAINING_LIMIT
from models.people.directory import names
from models.releases.plan.access import PlanAccess, check_may_edit_plan, load_plan_access
from models.releases.plan.checklist_refresh import refresh_checklist
from models.releases.plan.events import SustainingPeopleNamed
from models.releases.plan.owners import can_act
from models.unit_of_work import Transaction, UnitOfWork


async def sustaining_people(session: AsyncSession, release_id: int) -> list[str]:
    """Slack ids, sorted."""
    query = select(SustainingPerson.person).where(col(SustainingPerson.release_id) == release_id)
    return sorted((await session.exec(query)).all())


async def sustaining_people_to_edit(
    work: UnitOfWork, actor: Actor, release_id: int
) -> tuple[PlanAccess, list[str]]:
    """The release and the people named so far. Raises Refused as :func:`name_sustaining_people`."""
    async with work.reading() as snapshot:
        access = await load_plan_access(snapshot, actor.person, release_id)
        await check_may_edit_plan(snapshot.session, access)
        return access, await sustaining_people(snapshot.session, release_id)


async def name_sustaining_people(
    work: UnitOfWork, actor: Actor, release_id: int, people: Sequence[str], seen: Sequence[str]
) -> None:
    """Replace the sustaining people ``seen`` in the form by ``people``; none is allowed.

    Only what the form added or removed changes, so that two people who name somebody at once do not undo each
    other. Raises :class:`~models.errors.Invalid` for bots, deactivated accounts and too many people,
    :class:`~models.errors.Refused` when the person may not.
    """
    async with work(actor) as tx:
        access = await load_plan_access(tx, actor.person, release_id)
        await check_may_edit_plan(tx.session, access)
        before = set(await sustaining_people(tx.session, release_id))
        after = (before - (set(seen) - set(people))) | (set(people) - set(seen))
        added, removed = sorted(after - before), sorted(before - after)
        await _check_people(tx, added, len(after))
        if not added and not removed:
            return
        mine = col(SustainingPerson.release_id) == release_id
        await tx.session.exec(delete(SustainingPerson).where(mine, col(SustainingPerson.person).in_(removed)))
        for person in added:
            tx.session.add(
                SustainingPerson(release_id=release_id, person=person, named_by=actor.person, named_at=tx.now)
            )
        identifier = access.release.identifier
        tx.record(
            SustainingPeopleNamed(
                subject=release_id, release_id=release_id, identifier=identifier, people=tuple(sorted(after))
            )
        )
        await refresh_checklist(tx, release_id)


async def _check_people(tx: Transaction, added: Sequence[str], count: int) -> None:
    gone = [person for person in added if not await can_act(tx, person)]
    if gone:
        called = await names(tx.session, gone)
        who = ", ".join(called.get(person, person) for person in gone)
        raise Invalid(
            {"people": f"{who}: this account is a bot or a guest, or was deactivated. Choose somebody else."}
        )
    if count > SUSTAINING_LIMIT:
        raise Invalid({"people": f"These are {count} people; {SUSTAINING_LIMIT} is the most."})

"""The soft findings of a release as they are kept with it, and the waivers that they wait for."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.errors import Refused
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.releases.policy.judge import judge
from models.releases.policy.rules.compatibility import RULE as COMPATIBILITY
from models.releases.policy.rules.compatibility import compatibility
from models.releases.policy.rules.findings import Finding
from models.releases.policy.surroundings import plan_in_turn, policy_facts, soft, surroundings
from models.storage.prepared import Prepared
from models.unit_of_work import Transaction

NAMED = 3
"""How many findings a refusal names."""

_UNWAIVED = Prepared(
    select_columns(col(ReleaseFinding.id)).where(
        col(ReleaseFinding.release_id) == bindparam("release_id"), col(ReleaseFinding.waived_by).is_(None)
    )
)


async def keep(
    tx: Transaction, release_id: int, findings: list[Finding], rule: str = "", *, judged: bool = True
) -> None:
    """Keep the soft ``findings`` with the release: one that does not hold now goes.

    One that holds stays waived as long as it says the same. Where what policy looks at was ``judged`` anew and it
    says something else by now, the reason was given for something else, and it waits for a waiver again. Where only
    one ``rule`` has been asked, what the others found stays as it is.
    """
    held = {one.name: one for one in soft(findings)}
    for row in await kept_alone(tx, release_id):
        if rule and row.rule != rule:
            continue
        finding = held.pop((row.rule, row.key), None)
        if finding is None:
            await tx.session.delete(row)
        elif row.sentence != finding.sentence:
            row.sentence = finding.sentence
            if judged:
                row.waived_by, row.waived_at, row.reason = None, None, ""
    for one in held.values():
        tx.session.add(ReleaseFinding(release_id=release_id, rule=one.rule, key=one.key, sentence=one.sentence))


async def keep_compatibility(tx: Transaction, catalog: Catalog, release: Release) -> None:
    """Look anew at whether a package whose items have changed fits what will be there."""
    if release.service not in catalog.by_key:
        return
    await plan_in_turn(tx, catalog, release.service)
    facts = await policy_facts(tx.session, catalog, release)
    around = await surroundings(tx.session, facts, release.id)
    await keep(tx, release.id, compatibility(facts, around), COMPATIBILITY)


async def kept(session: AsyncSession, release_id: int) -> Sequence[ReleaseFinding]:
    """The findings of a release, in the order in which they came up."""
    query = select(ReleaseFinding).where(col(ReleaseFinding.release_id) == release_id)
    return (await session.exec(query.order_by(col(ReleaseFinding.id)))).all()


async def kept_alone(tx: Transaction, release_id: int) -> Sequence[ReleaseFinding]:
    """The same, to change: nobody takes one away or says it anew until the transaction ends.

    The release's own lock does not keep from that: a finding names another release, which may move or stop.
    """
    query = select(ReleaseFinding).where(col(ReleaseFinding.release_id) == release_id)
    query = query.order_by(col(ReleaseFinding.id)).with_for_update()
    return (await tx.session.exec(query.execution_options(populate_existing=True))).all()


async def unwaived(session: AsyncSession, release_id: int) -> tuple[str, ...]:
    """What policy finds with the release and nobody has waived."""
    return tuple(row.sentence for row in await kept(session, release_id) if row.waived_by is None)


async def require_waivers(tx: Transaction, catalog: Catalog, release_id: int, identifier: str) -> None:
    """Raises :class:`~models.errors.Refused` when a finding that still holds has not been waived.

    One statement where there is none. Where there are some the rules are asked again: what came right by itself,
    because another release moved away, no longer waits for anybody.
    """
    if not await tx.run(_UNWAIVED, {"release_id": release_id}):
        return
    holds = await _still_held(tx, catalog, release_id)
    open_: list[ReleaseFinding] = []
    for row in await kept_alone(tx, release_id):
        if (row.rule, row.key) not in holds:
            await tx.session.delete(row)
        elif row.waived_by is None:
            open_.append(row)
    if open_:
        raise Refused(_sentence(identifier, open_))


async def _still_held(tx: Transaction, catalog: Catalog, release_id: int) -> Collection[tuple[str, str]]:
    facts = await policy_facts(tx.session, catalog, await load_release(tx.session, release_id))
    return {one.name for one in judge(facts, await surroundings(tx.session, facts, release_id))}


def _sentence(identifier: str, open_: Sequence[ReleaseFinding]) -> str:
    named = " ".join(row.sentence for row in open_[:NAMED])
    more = f" And {len(open_) - NAMED} more." if len(open_) > NAMED else ""
    what = "this has" if len(open_) == 1 else "these have"
    return (
        f"Your approval would complete {identifier}, but first {what} to be waived: {named}{more} Press Waive on "
        f"its card, or on /release show {identifier}, and give a reason; then approve."
    )

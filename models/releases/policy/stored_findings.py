"""The soft findings that are stored with a release until somebody waives them: docs/process.md#waivers."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.catalog.document import Catalog, Service
from models.errors import Refused
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.releases.policy.judge import judge
from models.releases.policy.observed_stops import APPROVAL, WouldStop, record_observed_stops
from models.releases.policy.rules.compatibility import RULE as COMPATIBILITY
from models.releases.policy.rules.compatibility import compatibility
from models.releases.policy.rules.findings import Finding, Weight, tried_out
from models.releases.policy.rules.same_change import RULE as SAME_CHANGE
from models.releases.policy.rules.same_change import same_change
from models.releases.policy.surroundings import plan_in_turn, policy_facts, surroundings
from models.storage.prepared_statements import Prepared
from models.unit_of_work import Transaction

NAMED = 3
"""How many findings a refusal names."""

_UNWAIVED = Prepared(
    select_columns(col(ReleaseFinding.id)).where(
        col(ReleaseFinding.release_id) == bindparam("release_id"), col(ReleaseFinding.waived_by).is_(None)
    )
)


async def store_findings(
    tx: Transaction, release_id: int, findings: list[Finding], rule: str = "", *, judged: bool = True
) -> None:
    """Store the soft ``findings`` in place of earlier ones; with ``rule``, only those of this rule are replaced.

    A finding that still holds stays waived while it says the same. With another sentence it waits for a waiver
    again, if policy was ``judged`` because of an edit: the reason was given for something else.
    """
    soft = {finding.name: finding for finding in findings if (finding.would or finding.weight) == Weight.SOFT}
    for row in await lock_findings(tx, release_id):
        if rule and row.rule != rule:
            continue
        finding = soft.pop((row.rule, row.key), None)
        if finding is None:
            await tx.session.delete(row)
            continue
        if judged:
            row.observed = finding.would is not None
        if row.sentence != finding.sentence:
            row.sentence = finding.sentence
            if judged:
                row.waived_by, row.waived_at, row.reason = None, None, ""
    for new in soft.values():
        tx.session.add(
            ReleaseFinding(
                release_id=release_id,
                rule=new.rule,
                key=new.key,
                sentence=new.sentence,
                observed=new.would is not None,
            )
        )


async def store_findings_of_package(tx: Transaction, catalog: Catalog, release: Release) -> None:
    """Judge compatibility and shared changes again, because the package has changed."""
    if release.service not in catalog.by_key:
        return
    await plan_in_turn(tx, catalog, release.service)
    facts = await policy_facts(tx.session, catalog, release)
    around = await surroundings(tx.session, facts, release.id, tx.now)
    for name, rule in ((COMPATIBILITY, compatibility), (SAME_CHANGE, same_change)):
        found = tried_out(rule(facts, around), facts.service.policy.observe)
        await store_findings(tx, release.id, found, name)


async def findings_of(session: AsyncSession, release_id: int) -> Sequence[ReleaseFinding]:
    """In the order in which they came up."""
    return (await session.exec(_select_findings(release_id))).all()


async def lock_findings(tx: Transaction, release_id: int) -> Sequence[ReleaseFinding]:
    """The same, to change.

    The lock of the release isn't enough: a finding names another release, and changes when that moves or stops.
    """
    query = _select_findings(release_id).with_for_update().execution_options(populate_existing=True)
    return (await tx.session.exec(query)).all()


def _select_findings(release_id: int) -> SelectOfScalar[ReleaseFinding]:
    query = select(ReleaseFinding).where(col(ReleaseFinding.release_id) == release_id)
    return query.order_by(col(ReleaseFinding.id))


def waits_for_waiver(row: ReleaseFinding, service: Service | None) -> bool:
    """Whether somebody has to waive it; nobody has to while ``service`` only tries the rule out."""
    on_trial = row.observed or (service is not None and row.rule in service.policy.observe)
    return row.waived_by is None and not on_trial


async def unwaived_sentences(session: AsyncSession, service: Service | None, release_id: int) -> tuple[str, ...]:
    return tuple(row.sentence for row in await findings_of(session, release_id) if waits_for_waiver(row, service))


async def require_waivers(tx: Transaction, catalog: Catalog, release_id: int, identifier: str) -> None:
    """Raises :class:`~models.errors.Refused` when a finding that still holds has not been waived.

    If nothing waits for a waiver, that is one statement. Otherwise the rules are asked again: a finding that no
    longer holds, because another release moved away, waits for nobody. Those of a rule on trial are written down
    as what would have stopped the approval.
    """
    if not await tx.run(_UNWAIVED, {"release_id": release_id}):
        return
    release = await load_release(tx.session, release_id)
    holding = await _holding(tx, catalog, release)
    holds: list[ReleaseFinding] = []
    for row in await lock_findings(tx, release_id):
        if (row.rule, row.key) not in holding:
            await tx.session.delete(row)
        elif row.waived_by is None:
            holds.append(row)
    to_waive = [row for row in holds if waits_for_waiver(row, catalog.by_key.get(release.service))]
    if to_waive:
        raise Refused(_sentence(identifier, to_waive))
    stops = [WouldStop(row.rule, row.key, row.sentence) for row in holds]
    await record_observed_stops(tx, release, APPROVAL, stops)


async def _holding(tx: Transaction, catalog: Catalog, release: Release) -> Collection[tuple[str, str]]:
    facts = await policy_facts(tx.session, catalog, release)
    return {one.name for one in judge(facts, await surroundings(tx.session, facts, release.id, tx.now))}


def _sentence(identifier: str, to_waive: Sequence[ReleaseFinding]) -> str:
    named = " ".join(row.sentence for row in to_waive[:NAMED])
    more = f" And {len(to_waive) - NAMED} more." if len(to_waive) > NAMED else ""
    what = "this has" if len(to_waive) == 1 else "these have"
    return (
        f"Your approval would complete {identifier}, but first {what} to be waived: {named}{more} Press Waive on "
        f"its card, or on /release show {identifier}, and give a reason; then approve."
    )

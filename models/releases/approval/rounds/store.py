"""Beginning a round, and reading the rules of rounds."""

from collections.abc import Iterable, Sequence

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.lifecycle.tables.approvals import Round
from models.lifecycle.tables.release import Release
from models.releases.approval.rounds.rules import RoundRules, put_rules, rules_in_force, rules_of
from models.releases.policy.rules.risk import Risk
from models.unit_of_work import Transaction


async def begin_round(
    tx: Transaction,
    catalog: Catalog,
    release: Release,
    new_authors: Iterable[str] = (),
    risk: Risk | None = None,
) -> None:
    """Write down the rules of the present round of ``release``, as the catalog has them now, and its ``risk``.

    The authors of the round before are authors of this one too: the words are still theirs. Where the catalog no
    longer has the type, the rules of the round before go on.
    """
    before = await tx.session.get(Round, (release.id, release.round - 1))
    rules = rules_in_force(catalog.by_key.get(release.service), release.type, risk.level if risk else "")
    if rules is None and before is not None:
        rules = rules_of(before)
    if rules is None:
        return
    authors = dict.fromkeys((*(before.authors if before else ()), *new_authors))
    authors.pop(release.requester, None)
    row = Round(
        release_id=release.id,
        round=release.round,
        required={},
        material={},
        authors=list(authors),
        risk=risk.level if risk else "",
        risk_factors=list(risk.sentences) if risk else [],
        begun_at=tx.now,
    )
    put_rules(row, rules)
    tx.session.add(row)


async def rules_of_release(session: AsyncSession, service: Service | None, release: Release) -> RoundRules | None:
    """The rules of the release's present round.

    A round without a row is of a release that an older Release Desk made during the upgrade: it has today's rules.
    None when the catalog doesn't have its type either.
    """
    row = await session.get(Round, (release.id, release.round))
    return rules_of(row) if row else rules_in_force(service, release.type)


async def rules_by_release(
    session: AsyncSession, catalog: Catalog, releases: Sequence[Release]
) -> dict[int, RoundRules]:
    """Like :func:`rules_of_release` for many, in one statement; releases without rules are left out."""
    query = (
        select(Round)
        .join(Release, and_(col(Release.id) == col(Round.release_id), col(Release.round) == col(Round.round)))
        .where(col(Round.release_id).in_([release.id for release in releases]))
    )
    rows = {row.release_id: row for row in (await session.exec(query)).all()} if releases else {}
    found: dict[int, RoundRules] = {}
    for release in releases:
        row = rows.get(release.id)
        rules = rules_of(row) if row else rules_in_force(catalog.by_key.get(release.service), release.type)
        if rules:
            found[release.id] = rules
    return found

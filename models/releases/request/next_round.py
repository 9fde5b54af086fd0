from collections.abc import Iterable

from models.catalog.document import Catalog
from models.lifecycle.tables.release import Release
from models.releases.activities.criteria.release_criteria import renew_criteria
from models.releases.approval.rounds.store import begin_round
from models.releases.plan.plan import redate_plan
from models.releases.policy.rules.risk import Risk
from models.unit_of_work import Transaction


async def begin_next_round(
    tx: Transaction, catalog: Catalog, release: Release, risk: Risk | None, new_authors: Iterable[str] = ()
) -> None:
    """Everybody decides again, by the rules and criteria of now, at the ``risk`` of now."""
    release.round += 1
    await begin_round(tx, catalog, release, new_authors, risk)
    await renew_criteria(tx, release, catalog.by_key.get(release.service))
    await redate_plan(tx, catalog, release)

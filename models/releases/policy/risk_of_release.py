"""The risk of a release that is stored, as it is now. None once the catalog has dropped the service."""

from dataclasses import replace

from models.catalog.document import Catalog
from models.lifecycle.tables.release import Release
from models.releases.policy.rules.risk import Risk, reckon_risk
from models.releases.policy.surroundings import policy_facts, surroundings
from models.unit_of_work import Snapshot


async def risk_of_release(snapshot: Snapshot, catalog: Catalog, release: Release) -> Risk | None:
    if release.service not in catalog.by_key:
        return None
    facts = await policy_facts(snapshot.session, catalog, release)
    return reckon_risk(facts, await surroundings(snapshot.session, facts, release.id, snapshot.now))


async def risk_at_go(snapshot: Snapshot, catalog: Catalog, release: Release) -> Risk | None:
    """Without collisions: at *Go* they are judged on their own."""
    if release.service not in catalog.by_key:
        return None
    facts = await policy_facts(snapshot.session, catalog, release)
    around = await surroundings(snapshot.session, facts, release.id, snapshot.now)
    return reckon_risk(facts, replace(around, planned=()))

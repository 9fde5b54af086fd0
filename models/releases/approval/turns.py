"""Whose turn it is when a round begins: they are mentioned in the thread (docs/process.md#cards-and-threads)."""

from models.catalog.document import Catalog
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.release import Release
from models.releases.approval.progress import can_still_approve, quorum_progress
from models.releases.approval.rounds.store import rules_of_release
from models.unit_of_work import Snapshot


async def asked_in_new_round(snapshot: Snapshot, catalog: Catalog, release: Release) -> tuple[str, ...]:
    """The people and groups who can approve a round on which nobody has decided, and their stand-ins."""
    service = catalog.by_key.get(release.service)
    rules = await rules_of_release(snapshot.session, service, release)
    if service is None or rules is None:
        return ()
    progress = quorum_progress(rules.required, (), await requesters_of(snapshot.session, release))
    return await can_still_approve(snapshot.session, service, progress, snapshot.now)

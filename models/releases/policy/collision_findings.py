"""Collisions stored with other releases, once the release that they name moves or stops."""

from sqlmodel import col, select

from models.catalog.document import Catalog
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.message_keys import card_post
from models.lifecycle.overlaps import Planned
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.releases.policy.rules.collisions import RULE, colliding, collision
from models.unit_of_work import Transaction


async def refresh_collisions(tx: Transaction, catalog: Catalog, release: Release) -> None:
    """Bring the findings of other open releases up to date with ``release``, which moved or stopped.

    A collision that is over goes, one that goes on names the new window, and a waived one stays; the cards are
    redrawn through the outbox. Findings are locked without their releases: this waits for somebody who decides on
    one of those at this moment, and leaves alone what they took away or waived.
    """
    moved = Planned.of(release)
    planned = (moved,) if release.state in OPEN else ()
    query = (
        select(ReleaseFinding, Release)
        .join(Release, col(Release.id) == col(ReleaseFinding.release_id))
        .where(
            col(ReleaseFinding.rule) == RULE,
            col(ReleaseFinding.key) == release.identifier,
            col(ReleaseFinding.waived_by).is_(None),
            col(Release.state).in_(OPEN),
        )
        .order_by(col(ReleaseFinding.id))
        .with_for_update(of=ReleaseFinding)
    )
    for finding, other in (await tx.session.exec(query)).all():
        if any(colliding(planned, other.window_start, other.window_end)):
            zone = catalog.zone(catalog.by_key.get(other.service))
            finding.sentence = collision(catalog, moved, zone)
        else:
            await tx.session.delete(finding)
        tx.wish([card_post(other.id)])

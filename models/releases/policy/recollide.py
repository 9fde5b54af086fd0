"""Findings of collision that other releases keep, once the release that they name moves or is out of the way."""

from sqlmodel import col, select

from models.catalog.document import Catalog
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.message_keys import card_post
from models.lifecycle.overlaps import Planned
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.releases.policy.rules.collisions import RULE, colliding, collision
from models.unit_of_work import Transaction


async def settle_collisions(tx: Transaction, catalog: Catalog, release: Release) -> None:
    """Say on the cards of other open releases what ``release``, which moved or stopped, is to them now.

    A collision that is over goes, one that goes on tells the new window; the cards are redrawn through the outbox.
    One that was waived stays as it was decided. They are locked without their releases: whoever decides on one of
    those at this moment is waited for, and what they took away or waived is left alone.
    """
    named = Planned(release.id, release.identifier, release.service, release.window_start, release.window_end)
    planned = (named,) if release.state in OPEN else ()
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
            finding.sentence = collision(catalog, named, zone)
        else:
            await tx.session.delete(finding)
        tx.wish([card_post(other.id)])

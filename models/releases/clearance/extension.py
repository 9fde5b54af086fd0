"""Whether a deployment may go on past its window: freezes and collisions in the time after it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models.catalog.document import Catalog, Service
from models.catalog.freezes import FreezeInForce
from models.catalog.related_services import related
from models.freezes.in_force import freezes_between
from models.lifecycle.access import LoadedRelease
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.obstacle_codes import Code
from models.lifecycle.overlaps import Planned
from models.lifecycle.tables.release import Release
from models.releases.clearance.obstacles import Obstacle
from models.releases.policy.rules.collisions import colliding, collision
from models.releases.policy.rules.findings import Weight
from models.time.days import say_moment
from models.unit_of_work import Snapshot


@dataclass(frozen=True, slots=True)
class ExtensionFacts:
    """The time from ``start``, when it had to be over, to ``end``, and what is planned and frozen then."""

    catalog: Catalog
    service: Service
    start: datetime
    end: datetime
    freezes: tuple[FreezeInForce, ...] = ()
    planned: tuple[Planned, ...] = ()


def judge_extension(facts: ExtensionFacts) -> tuple[Obstacle, ...]:
    """The hard ones first. A freeze in force already when the time begins is one, too."""
    zone = facts.catalog.zone(facts.service)
    found = [
        Obstacle(
            Code.FREEZE,
            Weight.HARD if one.kind == "hard" else Weight.SOFT,
            f"The {one.kind} freeze {one.name} begins {say_moment(one.starts, zone)}.",
            one.ends,
            one.key,
        )
        for one in facts.freezes
        if one.touches(facts.start, facts.end)
    ]
    found += [
        Obstacle(Code.COLLISION, Weight.SOFT, collision(facts.catalog, other, zone), key=other.identifier)
        for other in colliding(facts.planned, facts.start, facts.end)
    ]
    return tuple(sorted(found, key=lambda one: -one.weight))


def latest_end(release: Release) -> datetime:
    """At most the window's own length in all after the end that it had without an extension."""
    length = release.window_end - release.window_start
    late = release.started_at is not None and release.started_at >= release.window_end
    first_end = release.started_at + length if late and release.started_at else release.window_end
    return first_end + length


async def read_extension_facts(
    snapshot: Snapshot, loaded: LoadedRelease, service: Service, start: datetime, end: datetime
) -> ExtensionFacts:
    session, catalog, release = snapshot.session, loaded.catalog, loaded.release
    query = select(Release).where(
        col(Release.state).in_(OPEN),
        col(Release.service).in_(related(catalog)[service.key]),
        col(Release.window_start) < end,
        col(Release.window_end) > start,
        col(Release.id) != release.id,
    )
    rows = (await session.exec(query.order_by(col(Release.window_start), col(Release.id)).limit(100))).all()
    return ExtensionFacts(
        catalog=catalog,
        service=service,
        start=start,
        end=end,
        freezes=await freezes_between(session, service, catalog.zone(service), start, end),
        planned=tuple(Planned.of(row) for row in rows),
    )

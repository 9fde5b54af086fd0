"""When digests are due: each once on each of its days, at its time of day in its own time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog, Digest
from models.time.days import WEEKDAYS

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that should have been posted by now, and the day on its calendar that it is for."""

    key: str
    day: date
    digest: Digest
    zone: ZoneInfo


def digests_by_key(catalog: Catalog) -> dict[str, Digest]:
    """The digests of the catalog by their key: the channel, and a number for the second and later ones in it.

    The time of day is no part of the key: a digest that is moved to a later hour is still the same, and posted once
    on that day.
    """
    found: dict[str, Digest] = {}
    counts: dict[str, int] = {}
    for digest in catalog.digests:
        count = counts[digest.channel] = counts.get(digest.channel, 0) + 1
        found[digest.channel if count == 1 else f"{digest.channel}#{count}"] = digest
    return found


def digest_zone(catalog: Catalog, digest: Digest) -> ZoneInfo:
    """The digest's own time zone, or the catalog's."""
    return ZoneInfo(digest.timezone or catalog.timezone)


def digest_due_at(digest: Digest, day: date, zone: ZoneInfo) -> datetime:
    """When the digest of ``day`` is due, in UTC.

    A time of day that the clocks skip is due when they go on; one that comes twice is due the first time.
    """
    hour, minute = (int(part) for part in digest.at.split(":"))
    wall = datetime.combine(day, time(hour, minute))
    while _skipped(wall, zone):
        wall += _MINUTE
    return wall.replace(tzinfo=zone).astimezone(UTC)


def due_digests(catalog: Catalog, now: datetime) -> list[DueDigest]:
    """The digests of today whose time has come, posted or not.

    After downtime today's are due until the day ends; those of days gone by are not made up for. *Today* is the day
    on which the moment falls: where the clocks skip the last hour of a day, its digest falls on the next one.
    """
    found = []
    for key, digest in digests_by_key(catalog).items():
        zone = digest_zone(catalog, digest)
        today = now.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            moment = digest_due_at(digest, day, zone)
            if _is_on(digest, day) and moment <= now and moment.astimezone(zone).date() == today:
                found.append(DueDigest(key, day, digest, zone))
    return found


def next_digest_at(catalog: Catalog, now: datetime) -> datetime | None:
    """When the next digest after ``now`` is due; None when the catalog has none."""
    moments = []
    for digest in catalog.digests:
        zone = digest_zone(catalog, digest)
        today = now.astimezone(zone).date()
        ahead = (today + timedelta(days=count) for count in range(-1, 9))
        moments += [digest_due_at(digest, day, zone) for day in ahead if _is_on(digest, day)]
    return min((moment for moment in moments if moment > now), default=None)


def _is_on(digest: Digest, day: date) -> bool:
    return WEEKDAYS[day.weekday()] in digest.days


def _skipped(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall
